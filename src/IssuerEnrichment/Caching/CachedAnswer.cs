using System.ComponentModel;
using System.Text.Json.Serialization;

namespace IssuerEnrichment.Caching;

/// <summary>An answer of the service, as stored in the cache.</summary>
/// <remarks>
/// Declared immutable, so that the cache returns the same instance instead of a copy. An answer is converted to JSON when a distributed cache stores
/// it, and from JSON when it is first used. Clients must not modify the values that they return.
/// </remarks>
[ImmutableObject(true)]
internal sealed class CachedAnswer
{
    private readonly AnswerFormat? _format;
    private object? _value;

    [JsonConstructor]
    public CachedAnswer(string? answer, AnswerProvenance? provenance)
    {
        Answer = answer;
        Provenance = provenance;
    }

    private CachedAnswer(in IssuerAnswer answer, AnswerFormat format)
    {
        _format = format;
        _value = answer.Value;
        Provenance = answer.Provenance;
    }

    /// <summary>The answer as JSON; null if there is no such issuer.</summary>
    [JsonInclude]
    public string? Answer => field ?? (_value is null ? null : _format?.Write(_value));

    /// <summary>The provenance that the client attached to the answer; null if it attached none.</summary>
    public AnswerProvenance? Provenance { get; }

    public static CachedAnswer Of(in IssuerAnswer answer, AnswerFormat format) => new(answer, format);

    /// <exception cref="System.Text.Json.JsonException">The cache contains JSON of another attribute.</exception>
    public IssuerAnswer ToAnswer(AnswerFormat format)
    {
        object? value = Volatile.Read(ref _value);
        if (value is null && Answer is { } json)
            Volatile.Write(ref _value, value = format.Read(json));
        return (value is null ? IssuerAnswer.NotFound : IssuerAnswer.Of(value)) with { Provenance = Provenance, IsCached = true };
    }
}
