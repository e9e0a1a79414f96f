using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IssuerEnrichment.Tests.Journal.PostgreSql;

/// <summary>A PostgreSQL server of our own, in a temporary folder and on a free port of the loopback.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    // A server that has to recover on a busy machine takes longer than anything else that is waited for.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("postgres-").FullName;
    private readonly int _port = FreePort();
    private Process? _server;
    private Task _log = Task.CompletedTask;

    private PostgresServer()
    {
    }

    /// <summary>The folder of the server's programs; null where it is not installed.</summary>
    public static string? Programs { get; } = FindPrograms();

    public string ConnectionString => $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres";

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PostgresServer> StartAsync()
    {
        PostgresServer server = new();
        try
        {
            await server.CreateAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server when nothing of the last one is left.</summary>
    public async Task StartAgainAsync()
    {
        // Whatever it has forked shares its standard error, which so ends with the last of them.
        await _log.WaitAsync(Timeout);
        _server?.Dispose();
        _server = Run("postgres", "-D", Data, "-p", $"{_port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=");
        string? line = "";
        string log = "";
        while (!line.Contains("ready to accept connections", StringComparison.Ordinal))
        {
            line = await _server.StandardError.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Timeout) ?? throw new InvalidOperationException(log);
            log += line + '\n';
        }

        _log = _server.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Ends it as the kernel does that runs out of memory: it can do nothing about it.</summary>
    public void Kill() => _server!.Kill();

    /// <summary>Starts the server's own client, which does what its standard input says.</summary>
    public Process Psql() => Run("psql", "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-At");

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            // Quits at once, and unlike a kill leaves no shared memory behind.
            using Process quit = Process.Start("/bin/sh", ["-c", $"kill -QUIT {_server.Id}"]);
            await _server.WaitForExitAsync(CancellationToken.None).WaitAsync(Timeout);
        }

        await _log.WaitAsync(Timeout);
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task CreateAsync()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        using Process create = Run("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        string problems = await create.StandardError.ReadToEndAsync(CancellationToken.None).WaitAsync(Timeout);
        await create.WaitForExitAsync(CancellationToken.None).WaitAsync(Timeout);
        create.ExitCode.Should().Be(0, problems);
    }

    // The server refuses to be root, so then it becomes the user that its installation has made for it.
    private Process Run(string program, params string[] arguments)
    {
        string file = Path.Combine(Programs!, program);
        ProcessStartInfo start = Environment.IsPrivilegedProcess
            ? new("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", file, .. arguments])
            : new(file, arguments);
        start.WorkingDirectory = _folder;
        start.RedirectStandardInput = program == "psql";
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    private static string? FindPrograms()
    {
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
