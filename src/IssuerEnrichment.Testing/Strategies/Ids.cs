namespace IssuerEnrichment.Testing.Strategies;

/// <summary>Asynchronous sequences of the ids 1, 2, 3, ...</summary>
internal static class Ids
{
    public static async IAsyncEnumerable<string?> UpTo(int count, Exception? end = null)
    {
        for (int id = 1; id <= count; id++)
        {
            await Others.GoOnAsync(turns: 1).ConfigureAwait(false);
            yield return $"{id}";
        }

        if (end is not null)
            throw end;
    }
}
