using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing;

/// <summary>A request for an issuer on its way through the faults. Not thread-safe: only one handler at a time uses it.</summary>
public sealed class IssuerRequest
{
    private readonly RequestLedger _ledger;
    private readonly Arrival _arrival;
    private Action? _onCompleted;
    private bool _completed;

    internal IssuerRequest(HttpContext http, string id, IssuerServiceScript script, RequestLedger ledger)
    {
        Http = http;
        Id = id;
        Script = script;
        _ledger = ledger;
        _arrival = ledger.Arrive(id);
    }

    /// <summary>The issuer's id, percent-decoded.</summary>
    public string Id { get; }

    /// <summary>The number of the request among those for this issuer, starting at 1.</summary>
    public int Attempt => _arrival.Attempt;

    /// <summary>The number of the request among all requests, starting at 1.</summary>
    public int Number => _arrival.Number;

    /// <summary>The number of requests in flight when this one arrived, including this one.</summary>
    public int InFlight => _arrival.InFlight;

    /// <summary>When the request arrived, as the time since the service was started or reset.</summary>
    public TimeSpan ArrivedAt => _arrival.At;

    /// <summary>The script of the service.</summary>
    public IssuerServiceScript Script { get; }

    /// <summary>The HTTP request and response, for faults that need more than the methods here.</summary>
    public HttpContext Http { get; }

    /// <summary>Cancelled when the caller disconnects or the service stops.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Returns a number in [0, 1) that depends only on the seed, the issuer, the attempt and <paramref name="purpose"/>.</summary>
    /// <param name="purpose">The purpose of the number. Different purposes get independent numbers.</param>
    public double Draw(string purpose) => StableHash.Empty.Add(Script.Seed).Add(purpose).Add(Id).Add(Attempt).ToUnit();

    /// <summary>Waits on the script's clock, without blocking a thread.</summary>
    /// <param name="delay">How long to wait.</param>
    /// <exception cref="OperationCanceledException">The caller disconnected, or the service stops.</exception>
    public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, Script.TimeProvider, Aborted);

    /// <summary>Creates the body of the correct response: <c>{"data":{"id":"7","isins":["US0378331005"]}}</c>.</summary>
    public ReadOnlyMemory<byte> CorrectBody()
    {
        ArrayBufferWriter<byte> buffer = new(256);
        using Utf8JsonWriter json = new(buffer);
        json.WriteStartObject();
        json.WriteStartObject("data"u8);
        json.WriteString("id"u8, Id);
        json.WriteStartArray("isins"u8);
        foreach (string isin in SyntheticIsins.Of(Id))
            json.WriteStringValue(isin);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Responds with a status and no body.</summary>
    /// <param name="status">The HTTP status.</param>
    public Task AnswerAsync(int status) => AnswerAsync(status, MediaTypeNames.Text.Plain, default);

    /// <summary>Responds with a status and a complete body.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The media type of <paramref name="body"/>.</param>
    /// <param name="body">The body.</param>
    public Task AnswerAsync(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        StartAnswer(status, contentType, body.Length);
        Complete(status);
        return Http.Response.Body.WriteAsync(body, Aborted).AsTask();
    }

    /// <summary>Throttles the request: responds with a status and no body, and counts the request as throttled.</summary>
    /// <param name="status">The HTTP status, such as 429 or 503.</param>
    public Task ThrottleAsync(int status)
    {
        _ledger.Throttle(_arrival);
        return AnswerAsync(status);
    }

    /// <summary>Sets the status and the headers of a response whose body the fault writes itself.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The media type of the body.</param>
    /// <param name="contentLength">The announced length of the body, in bytes.</param>
    public void StartAnswer(int status, string contentType, long contentLength)
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType;
        Http.Response.ContentLength = contentLength;
    }

    /// <summary>Counts the request as answered. A fault that writes its own response calls it before the last byte.</summary>
    /// <param name="status">The HTTP status to count; 0 if the response stays incomplete.</param>
    /// <remarks>Only the first call has an effect. If a fault does not call it, the request counts until the fault has ended.</remarks>
    public void Complete(int status)
    {
        if (_completed)
            return;

        _completed = true;
        _ledger.Leave(status);
        _onCompleted?.Invoke();
    }

    /// <summary>Resets the connection (TCP RST). The caller loses bytes that it has not read yet.</summary>
    public void Abort()
    {
        Complete(status: 0);
        Http.Abort();
    }

    /// <summary>Registers a callback for when the request is no longer in flight, that is, when <see cref="Complete"/> counts it.</summary>
    internal void OnCompleted(Action callback) => _onCompleted += callback;
}
