using System.Diagnostics;
using System.Reflection;

namespace IssuerEnrichment.Tests.Sample;

/// <summary>The sample as a user starts it, with a timeout.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly string Executable = Find("Sample");
    private static readonly string LeiReport = Find("LeiReport");

    private readonly Process _process;
    private readonly CancellationTokenSource _fuse = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly Task<string> _errors;

    private SampleProcess(Process process)
    {
        _process = process;
        _fuse.CancelAfter(TimeSpan.FromSeconds(30));
        _errors = process.StandardError.ReadToEndAsync(_fuse.Token);
    }

    public StreamWriter Input => _process.StandardInput;

    public static SampleProcess Start(params IEnumerable<string> arguments) => StartFile(Executable, arguments);

    /// <summary>Starts the sample with redirections of a shell's, such as <c>2>/dev/full</c>.</summary>
    public static SampleProcess StartInShell(string redirections, params IEnumerable<string> arguments) =>
        StartFile("/bin/sh", ["-c", $"exec \"$0\" \"$@\" {redirections}", Executable, .. arguments]);

    /// <summary>Starts the sample with a limit of the system's, such as <c>-n 200</c> for open files.</summary>
    public static SampleProcess StartWithLimit(string limit, params IEnumerable<string> arguments) =>
        StartFile("/bin/sh", ["-c", $"ulimit {limit} && exec \"$0\" \"$@\"", Executable, .. arguments]);

    /// <summary>Runs the sample to its end.</summary>
    public static async Task<SampleResult> RunAsync(string input, params IEnumerable<string> arguments)
    {
        using SampleProcess sample = Start(arguments);
        await sample.Input.WriteAsync(input);
        sample.Input.Close();
        return await sample.EndAsync();
    }

    /// <summary>Runs the report on LEIs to its end.</summary>
    public static async Task<SampleResult> RunLeiReportAsync(params IEnumerable<string> arguments)
    {
        using SampleProcess sample = StartFile(LeiReport, arguments);
        sample.Input.Close();
        return await sample.EndAsync();
    }

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_fuse.Token);

    public Task<string> ReadErrorsAsync() => _errors;

    /// <summary>Stops reading its output, as <c>head</c> does.</summary>
    public void CloseOutput() => _process.StandardOutput.Close();

    /// <summary>Sends a signal such as INT, which is Ctrl+C.</summary>
    public void Signal(string name) => Process.Start("/bin/sh", ["-c", $"kill -{name} {_process.Id}"]).Dispose();

    /// <summary>Ends it at once, as a crash does: it can do nothing about it.</summary>
    public void Kill() => _process.Kill();

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(_fuse.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits for the end and gives what has not been read yet.</summary>
    public async Task<SampleResult> EndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync(_fuse.Token);
        return new SampleResult(await ExitAsync(), output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _fuse.Dispose();
    }

    private static SampleProcess StartFile(string file, IEnumerable<string> arguments) => new(Process.Start(new ProcessStartInfo(file, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    private static string Find(string sample) => Path.ChangeExtension(
        typeof(SampleProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == sample).Value!,
        OperatingSystem.IsWindows() ? ".exe" : null);
}
