using System.Text.Json;

namespace IssuerEnrichment.Benchmarks;

/// <summary>What one would write to ask over HTTP without the library.</summary>
internal sealed class JsonIssuerClient(HttpClient http) : IIssuerClient
{
    public async Task<IssuerAnswer> GetIsinsAsync(string issuerId, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.GetAsync(
            Uri.EscapeDataString(issuerId), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using JsonDocument json = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return IssuerAnswer.Found(
            [.. json.RootElement.GetProperty("data").GetProperty("isins").EnumerateArray().Select(isin => isin.GetString()!)]);
    }
}
