using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace IssuerEnrichment.Testing;

/// <summary>One request for an issuer on its way through the faults. Not thread-safe: a request has one handler at a time.</summary>
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

    /// <summary>Which request for this issuer it is, counted from 1.</summary>
    public int Attempt => _arrival.Attempt;

    /// <summary>Which request of all it is, counted from 1.</summary>
    public int Number => _arrival.Number;

    /// <summary>How many requests were in flight when this one had arrived, itself included.</summary>
    public int InFlight => _arrival.InFlight;

    /// <summary>When the request arrived, as time since the service started or was reset.</summary>
    public TimeSpan ArrivedAt => _arrival.At;

    /// <summary>The script of the service.</summary>
    public IssuerServiceScript Script { get; }

    /// <summary>The request and response on the wire, for a fault that needs more than the methods here.</summary>
    public HttpContext Http { get; }

    /// <summary>The token that is cancelled when the caller has gone away or the service stops.</summary>
    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>A number in [0, 1) that depends only on the seed, the issuer, the attempt and <paramref name="purpose"/>.</summary>
    /// <param name="purpose">What the number is for: different purposes get independent numbers.</param>
    public double Draw(string purpose) => StableHash.Empty.Add(Script.Seed).Add(purpose).Add(Id).Add(Attempt).ToUnit();

    /// <summary>Waits on the script's clock, without holding a thread.</summary>
    /// <param name="delay">How long to wait.</param>
    /// <exception cref="OperationCanceledException">The caller went away or the service stops.</exception>
    public Task DelayAsync(TimeSpan delay) => Task.Delay(delay, Script.TimeProvider, Aborted);

    /// <summary>Makes the body of the correct answer: <c>{"data":{"id":"7","isins":["US0378331005"]}}</c>.</summary>
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

    /// <summary>Answers with a status and no body.</summary>
    /// <param name="status">The HTTP status.</param>
    public Task AnswerAsync(int status) => AnswerAsync(status, MediaTypeNames.Text.Plain, default);

    /// <summary>Answers with a whole body.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The media type of <paramref name="body"/>.</param>
    /// <param name="body">All that the caller gets.</param>
    public Task AnswerAsync(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        StartAnswer(status, contentType, body.Length);
        Complete(status);
        return Http.Response.Body.WriteAsync(body, Aborted).AsTask();
    }

    /// <summary>Turns the request away because of a limit: answers with a status and no body, and counts it as throttled.</summary>
    /// <param name="status">The HTTP status, such as 429 or 503.</param>
    public Task ThrottleAsync(int status)
    {
        _ledger.Throttle(_arrival);
        return AnswerAsync(status);
    }

    /// <summary>Sets status and headers of an answer that the fault writes itself.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="contentType">The media type of the body.</param>
    /// <param name="contentLength">The length the answer claims to have, in bytes.</param>
    public void StartAnswer(int status, string contentType, long contentLength)
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType;
        Http.Response.ContentLength = contentLength;
    }

    /// <summary>Counts the request as answered; a fault that writes its own answer calls it before the last byte.</summary>
    /// <param name="status">The HTTP status to count, 0 if the answer stays incomplete.</param>
    /// <remarks>Only the first call counts. For a fault that does not call it, the request counts until the fault has ended.</remarks>
    public void Complete(int status)
    {
        if (_completed)
            return;

        _completed = true;
        _ledger.Leave(status);
        _onCompleted?.Invoke();
    }

    /// <summary>Resets the connection (TCP RST); bytes that the caller has not read yet are lost to it.</summary>
    public void Abort()
    {
        Complete(status: 0);
        Http.Abort();
    }

    /// <summary>Calls back when the request is no longer in flight: where <see cref="Complete"/> counts it.</summary>
    internal void OnCompleted(Action callback) => _onCompleted += callback;
}
