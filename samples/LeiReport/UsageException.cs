namespace LeiReport;

/// <summary>The command line asks for something that cannot be done; the message is one sentence that says what to mend.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException);
