using System.Text;
using EnrichIssuers.Job;
using Microsoft.Win32.SafeHandles;

namespace EnrichIssuers;

/// <summary>Handles standard streams that are closed or full. Messages may get lost then, but results do not.</summary>
internal static class StandardStreams
{
    private static readonly bool[] Closed = FillClosed();

    public static bool IsInputClosed => Closed[0];

    public static bool IsOutputClosed => Closed[1];

    /// <summary>Ignores failed writes to standard error, and turns failed writes to standard output into an <see cref="OutputException"/>.</summary>
    public static void Guard()
    {
        Console.SetError(new GuardedWriter(Console.Error, _ => { }));
        Console.SetOut(new GuardedWriter(IsOutputClosed ? new ClosedWriter() : Console.Out, e => throw new OutputException("Standard output", e)));
    }

    // The next file that is opened would get the descriptor of a closed stream, and receive its output.
    private static bool[] FillClosed()
    {
        bool[] closed = new bool[3];
        while (!OperatingSystem.IsWindows())
        {
            SafeFileHandle handle = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (handle.DangerousGetHandle() > 2)
            {
                handle.Dispose();
                break;
            }

            closed[handle.DangerousGetHandle()] = true;
            handle.SetHandleAsInvalid(); // It stays open until the process ends.
        }

        return closed;
    }

    private sealed class ClosedWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("The stream is closed.");
    }

    private sealed class GuardedWriter(TextWriter writer, Action<Exception> onFailure) : TextWriter
    {
        public override Encoding Encoding => writer.Encoding;

        public override void Write(char value) => Guard(() => writer.Write(value));

        public override void Write(string? value) => Guard(() => writer.Write(value));

        public override void Write(char[] buffer, int index, int count) => Guard(() => writer.Write(buffer, index, count));

        public override void WriteLine(string? value) => Guard(() => writer.WriteLine(value));

        public override void Flush() => Guard(writer.Flush);

        private void Guard(Action write)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                onFailure(e);
            }
        }
    }
}
