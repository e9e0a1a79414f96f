using System.Collections.ObjectModel;
using System.Text.Json;

namespace IssuerEnrichment.Gleif.Api;

/// <summary>The used part of GLEIF's record of a legal entity.</summary>
internal sealed record LeiRecord(string? Id, LeiRecord.RecordAttributes? Attributes, LeiRecord.RecordRelationships? Relationships)
{
    public string? Lei => Attributes?.Lei ?? Id;

    /// <summary>Whether the record links to ISINs.</summary>
    public bool HasIsins => Relationships?.Isins.ValueKind == JsonValueKind.Object;

    /// <summary>The facts about the entity for an outcome's provenance.</summary>
    public IReadOnlyDictionary<string, string> Facts
    {
        get
        {
            Dictionary<string, string> facts = [];
            Add(GleifFact.Name, Attributes?.Entity?.LegalName?.Name);
            Add(GleifFact.Category, Attributes?.Entity?.Category);
            Add(GleifFact.SubCategory, Attributes?.Entity?.SubCategory);
            return new ReadOnlyDictionary<string, string>(facts);

            void Add(string fact, string? value)
            {
                if (!string.IsNullOrWhiteSpace(value))
                    facts.Add(fact, value);
            }
        }
    }

    internal sealed record RecordAttributes(string? Lei, EntityAttributes? Entity);

    internal sealed record EntityAttributes(EntityName? LegalName, string? Category, string? SubCategory);

    internal sealed record EntityName(string? Name);

    internal sealed record RecordRelationships(JsonElement Isins);
}
