using System.Text;
using System.Text.Json;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>An answer being made up, layer by layer: the body, its encoding, its framing, the head, the wire.</summary>
internal sealed class AnswerDraft
{
    private readonly List<string> _recipe = [];
    private byte[]? _readable;
    private bool _isDoubtful;
    private bool _isHeadDoubtful;
    private bool _isSpoilt;

    /// <param name="issuer">The issuer asked for. Its ISINs are no other issuer's.</param>
    /// <param name="seed">What all chance follows from.</param>
    public AnswerDraft(int issuer, int seed)
    {
        Issuer = issuer;
        Chance = new Random(seed);
        Isins = [.. Enumerable.Range(0, Chance.Next(1, 6)).Select(number => $"XS{issuer:D9}{number}")];
        Body = PlainBody;
    }

    public int Issuer { get; }

    public Random Chance { get; }

    public string[] Isins { get; }

    public string IsinsAsJson => JsonSerializer.Serialize(Isins);

    public byte[] PlainBody => Encoding.UTF8.GetBytes($$$"""{"data":{"isins":{{{IsinsAsJson}}}}}""");

    public int Status { get; set; } = 200;

    /// <summary>The status line, where it is not the usual one for the status.</summary>
    public string? StatusLine { get; set; }

    /// <summary>What comes before the status line.</summary>
    public string Prelude { get; set; } = "";

    public List<string> Headers { get; } = [];

    public string LineEnd { get; set; } = "\r\n";

    /// <summary>What the service has to say.</summary>
    public byte[] Body { get; set; }

    /// <summary>The body as it is sent: encoded, then framed.</summary>
    public byte[] Content { get; set; } = [];

    public byte[] Wire { get; set; } = [];

    public byte[] Filler { get; set; } = [];

    public int Pieces { get; set; } = 1;

    public WireEnding Ending { get; set; }

    /// <summary>Whether a redirect leads to where a plain answer is given.</summary>
    public bool IsLedOn { get; set; }

    /// <summary>The length of status line and headers on the wire.</summary>
    public int HeadLength { get; private set; }

    /// <summary>Does one of several things, once in a while.</summary>
    /// <returns>Whether it did.</returns>
    public bool Mutate(double share, Mutation[] mutations)
    {
        if (Chance.NextDouble() >= share)
            return false;
        Mutation mutation = Pick(mutations);
        _recipe.Add(mutation.Name);
        mutation.Apply(this);
        return true;
    }

    public T Pick<T>(params T[] among) => among[Chance.Next(among.Length)];

    public byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        Chance.NextBytes(bytes);
        return bytes;
    }

    /// <summary>A client may fail over this answer; whether it does is its own affair.</summary>
    public void Doubt() => _isDoubtful = true;

    /// <summary>A client may read the head otherwise than it was meant, and then the body, too; or fail.</summary>
    public void DoubtHead()
    {
        _isDoubtful = _isHeadDoubtful = true;
        _isSpoilt = false;
    }

    /// <summary>No client may find ISINs in this answer, whatever was done to it before.</summary>
    public void Spoil()
    {
        _isHeadDoubtful = false;
        _isSpoilt = true;
    }

    /// <summary>The client gets only the beginning of the content.</summary>
    public void KeepContent(int length)
    {
        if (ReferenceEquals(Content, Body))
            _readable = Body[..Math.Min(length, (_readable ?? Body).Length)];
    }

    public void Assemble()
    {
        string head = string.Concat(Headers.Prepend(StatusLine ?? $"HTTP/1.1 {Status} Whatever").Select(line => line + LineEnd)) + LineEnd;
        byte[] bytes = Encoding.Latin1.GetBytes(Prelude + head);
        HeadLength = bytes.Length;
        Wire = [.. bytes, .. Content];
    }

    public HostileAnswer ToAnswer(int maxAnswerBytes)
    {
        bool isNotFound = Status == 404;
        bool isGood = Status is >= 200 and < 300 && !_isSpoilt;
        IEnumerable<byte[]> readable = _isHeadDoubtful ? [Body, _readable ?? Body] : isGood ? [_readable ?? Body] : [];
        IEnumerable<IReadOnlyList<string>?> readings = readable.Where(body => body.Length <= maxAnswerBytes).Select(PlainReader.Read);
        List<IReadOnlyList<string>> isins = [.. IsLedOn ? [Isins] : readings.OfType<IReadOnlyList<string>>()];
        return new HostileAnswer(_recipe.Count == 0 ? "as it should be" : string.Join(", ", _recipe), Wire, Pieces, Ending)
        {
            Filler = Filler,
            Readings = isins,
            IsNotFound = isNotFound || _isHeadDoubtful,
            IsIntact = !_isDoubtful && !_isSpoilt && (isNotFound || isins.Count > 0),
        };
    }
}
