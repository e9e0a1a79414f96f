using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IssuerEnrichment.Tests.Http.Hostile;

/// <summary>A service on a free port of 127.0.0.1 that speaks plain TCP, so that it can send anything at all.</summary>
internal sealed class HostileService : IAsyncDisposable
{
    /// <summary>Where the service is as it should be; redirects lead here.</summary>
    public const string PathOfPlainAnswers = "/plain/";

    private const string PathOfAnswers = "/issuers/";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<int, int> _requests = new();
    private readonly Task _listening;

    public HostileService()
    {
        _listener.Start(512);
        BaseAddress = new($"http://{_listener.LocalEndpoint}{PathOfAnswers}");
        _listening = ListenAsync();
    }

    public Uri BaseAddress { get; }

    /// <summary>Stops listening, and waits for every connection to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _listening;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task ListenAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_closing.Token)));
                connections.RemoveAll(connection => connection.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using Socket connection = socket;
        connection.NoDelay = true;
        byte[] buffer = new byte[4096];
        try
        {
            while (await ReceiveAsync(connection, buffer) is { } target)
            {
                HostileAnswer answer = AnswerTo(target);
                await SendAsync(connection, answer);
                if (answer.Ending != WireEnding.KeepsOpen)
                {
                    await EndAsync(connection, answer, buffer);
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The client has hung up, or the test is over.
        }
    }

    /// <summary>The target of the next request; null where the client has hung up.</summary>
    private async Task<string?> ReceiveAsync(Socket connection, byte[] buffer)
    {
        int received = 0;
        while (buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8) < 0)
        {
            int more = await connection.ReceiveAsync(buffer.AsMemory(received), _closing.Token);
            if (more == 0)
                return null;
            received += more;
        }

        return Encoding.Latin1.GetString(buffer, 0, received).Split(' ', 3)[1];
    }

    private HostileAnswer AnswerTo(string target)
    {
        if (TryRead(target, PathOfAnswers, out int issuer))
            return HostileAnswers.To(issuer, _requests.AddOrUpdate(issuer, 1, (_, count) => count + 1));
        return TryRead(target, PathOfPlainAnswers, out issuer) ? HostileAnswers.Plain(issuer) : HostileAnswers.BadRequest;
    }

    private static bool TryRead(string target, string path, out int issuer)
    {
        issuer = 0;
        return target.StartsWith(path, StringComparison.Ordinal)
            && int.TryParse(target.AsSpan(path.Length), CultureInfo.InvariantCulture, out issuer);
    }

    private async Task SendAsync(Socket connection, HostileAnswer answer)
    {
        int piece = Math.Max(1, answer.Wire.Length / answer.Pieces);
        for (int at = 0; at < answer.Wire.Length; at += piece)
        {
            await connection.SendAsync(answer.Wire.AsMemory(at, Math.Min(piece, answer.Wire.Length - at)), _closing.Token);
            await Task.Yield();
        }
    }

    private async Task EndAsync(Socket connection, HostileAnswer answer, byte[] buffer)
    {
        switch (answer.Ending)
        {
            case WireEnding.Closes:
                connection.Shutdown(SocketShutdown.Send);
                break;
            case WireEnding.Resets:
                connection.LingerState = new LingerOption(enable: true, seconds: 0);
                return;
            case WireEnding.NeverEnds:
                while (true)
                    await connection.SendAsync(answer.Filler, _closing.Token);
        }

        // Closed before the client has read everything, the connection would be reset.
        while (await connection.ReceiveAsync(buffer, _closing.Token) > 0)
            ;
    }
}
