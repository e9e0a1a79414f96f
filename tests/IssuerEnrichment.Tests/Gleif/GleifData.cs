using System.Globalization;
using System.Text.Json.Nodes;
using System.Web;

namespace IssuerEnrichment.Tests.Gleif;

/// <summary>Answers as GLEIF's API does, in its shapes; a test changes what is wrong with them. Thread-safe.</summary>
internal sealed class GleifData(params IEnumerable<Entity> entities)
{
    private readonly Dictionary<string, Entity> _entities = entities.ToDictionary(entity => entity.Lei);
    private readonly Random _random = new(1);
    private readonly Lock _lock = new();

    public string PublishDate { get; set; } = "2026-11-20T00:00:00Z";

    /// <summary>Whether records link to their ISINs.</summary>
    public bool HasLinks { get; init; } = true;

    /// <summary>The most rows on a page, whatever is asked for.</summary>
    public int MostRows { get; init; } = 200;

    /// <summary>The order of a LEI's ISINs as they stand when a page is asked for.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>> Order { get; init; } = isins => isins;

    /// <summary>The total that is stated, which is the true one by default.</summary>
    public Func<int, int> Total { get; set; } = total => total;

    /// <summary>Changes the answer to a request.</summary>
    public Func<string, GleifAnswer, GleifAnswer> Answer { get; set; } = (_, answer) => answer;

    /// <summary>Everything that was asked for.</summary>
    public List<string> Requests { get; } = [];

    public int Pages => Requests.Count(request => request.Contains("/isins?"));

    public GleifAnswer Ask(string pathAndQuery)
    {
        lock (_lock)
        {
            Requests.Add(pathAndQuery);
            return Answer(pathAndQuery, AnswerTo(pathAndQuery));
        }
    }

    private GleifAnswer AnswerTo(string pathAndQuery)
    {
        string[] parts = pathAndQuery.Split('?', 2);
        var query = HttpUtility.ParseQueryString(parts.ElementAtOrDefault(1) ?? "");
        int size = Math.Min(MostRows, int.Parse(query["page[size]"] ?? "15", CultureInfo.InvariantCulture));
        int number = int.Parse(query["page[number]"] ?? "1", CultureInfo.InvariantCulture);
        if (size * number > 10_000)
            return new GleifAnswer(400, """{"errors":[{"status":"400","title":"Deep page-based pagination is not supported"}]}""");
        string[] path = parts[0].Split("lei-records", 2)[1].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path switch
        {
            [] => Records(query["filter[lei]"]!.Split(','), size),
            [var lei] => _entities.TryGetValue(lei, out Entity? entity) ? new(200, Envelope(null, Record(entity))) : GleifAnswer.NotFound,
            [var lei, "isins"] => _entities.TryGetValue(lei, out Entity? entity) ? Isins(entity, number, size) : GleifAnswer.NotFound,
            _ => GleifAnswer.NotFound,
        };
    }

    // In another order than they were asked for; the unknown ones are left out without a word.
    private GleifAnswer Records(string[] leis, int size)
    {
        Entity[] known = [.. leis.Select(lei => _entities.GetValueOrDefault(lei)).OfType<Entity>()];
        _random.Shuffle(known);
        return new(200, Envelope(Pagination(known.Length, 1, size), new JsonArray([.. known.Take(size).Select(Record)])));
    }

    private GleifAnswer Isins(Entity entity, int number, int size)
    {
        int total = Total(entity.Isins.Count);
        JsonNode[] rows = [.. Order(entity.Isins).Skip((number - 1) * size).Take(size).Select(isin => new JsonObject
        {
            ["type"] = "isins",
            ["id"] = $"row-of-{isin}",
            ["attributes"] = new JsonObject { ["lei"] = entity.Lei, ["isin"] = isin },
        })];
        return new(200, Envelope(Pagination(total, number, size), new JsonArray(rows)));
    }

    private JsonObject Record(Entity entity)
    {
        JsonObject relationships = new() { ["managing-lou"] = new JsonObject() };
        if (HasLinks && entity.Isins.Count > 0)
            relationships["isins"] = new JsonObject { ["links"] = new JsonObject { ["related"] = $"https://elsewhere.invalid/{entity.Lei}/isins" } };
        return new JsonObject
        {
            ["type"] = "lei-records",
            ["id"] = entity.Lei,
            ["attributes"] = new JsonObject
            {
                ["lei"] = entity.Lei,
                ["entity"] = new JsonObject
                {
                    ["legalName"] = new JsonObject { ["name"] = entity.Name, ["language"] = "en" },
                    ["category"] = entity.Category,
                    ["subCategory"] = entity.SubCategory,
                },
                ["bic"] = null,
            },
            ["relationships"] = relationships,
        };
    }

    // The link to the next page leads elsewhere, where nobody is to follow.
    private string Envelope(JsonObject? pagination, JsonNode data) => new JsonObject
    {
        ["meta"] = new JsonObject { ["goldenCopy"] = new JsonObject { ["publishDate"] = PublishDate }, ["pagination"] = pagination },
        ["links"] = new JsonObject { ["next"] = "https://elsewhere.invalid/api/v1/lei-records?page%5Bnumber%5D=2" },
        ["data"] = data,
    }.ToJsonString();

    private static JsonObject Pagination(int total, int number, int size) => new()
    {
        ["currentPage"] = number,
        ["perPage"] = size,
        ["from"] = total == 0 ? null : ((number - 1) * size) + 1,
        ["to"] = total == 0 ? null : Math.Min(total, number * size),
        ["total"] = total,
        ["lastPage"] = Math.Max(1, (total + size - 1) / size),
    };
}
