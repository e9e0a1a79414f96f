namespace LeiReport;

/// <summary>Thrown for a command line that cannot be executed. The message is one sentence that says what to correct.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
