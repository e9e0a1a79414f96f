using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IssuerEnrichment.Testing;

/// <summary>
/// An issuer service on loopback, over real HTTP/1.1, that misbehaves as its script says. <c>GET /issuers/{id}</c> returns an issuer's ISINs,
/// <c>GET /stats</c> returns the statistics, and <c>POST /stats/reset</c> resets the service. Thread-safe.
/// </summary>
public sealed class IssuerTestService : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly IssuerApplication _application;

    private IssuerTestService(KestrelServer server, IssuerApplication application)
    {
        _server = server;
        _application = application;
        BaseAddress = new(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single() + "/issuers/");
    }

    /// <summary>The address to which a percent-encoded id is appended, such as <c>http://127.0.0.1:40123/issuers/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>A snapshot of the statistics since the service was started or reset.</summary>
    public IssuerServiceStatistics Statistics => _application.Statistics;

    /// <summary>Starts a service on a free port of 127.0.0.1.</summary>
    /// <param name="script">Defines how the service behaves.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<IssuerTestService> StartAsync(IssuerServiceScript script, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(script);
        KestrelServerOptions options = new() { AddServerHeader = false };
        options.Listen(IPAddress.Loopback, port: 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);

        // A caller may read as slowly as it likes.
        options.Limits.MinResponseDataRate = null;

        NullLoggerFactory silent = NullLoggerFactory.Instance;
        SocketTransportFactory sockets = new(Options.Create(new SocketTransportOptions()), silent);
        KestrelServer server = new(Options.Create(options), sockets, silent);
        IssuerApplication application = new(script);
        try
        {
            await server.StartAsync(application, cancellationToken).ConfigureAwait(false);
            return new(server, application);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Returns the ISINs that every service returns for an issuer: up to six, with valid check digits (ISO 6166).</summary>
    /// <param name="id">The issuer's id before percent-encoding.</param>
    public static IReadOnlyList<string> IsinsOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return SyntheticIsins.Of(id);
    }

    /// <summary>Resets statistics, attempt numbers, limits and outages. Requests in flight are no longer counted.</summary>
    public void Reset() => _application.Reset();

    /// <summary>Stops the service at once. The connections of requests in flight are aborted.</summary>
    public async ValueTask DisposeAsync()
    {
        // Hanging requests would never end. A cancelled token makes Kestrel abort them.
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _server.Dispose();
    }
}
