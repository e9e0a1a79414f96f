using System.CommandLine;
using IssuerEnrichment.Testing.Faults;

namespace IssuerEnrichment.TestServiceHost;

/// <summary>The options of faults that meet only issuers whose id begins with a prefix, so that the caller chooses how many and which.</summary>
internal static class ChosenIssuersOptions
{
    public static IEnumerable<Func<ParseResult, Fault?>> AddTo(OptionList options)
    {
        Option<string> slow = AddPrefix(options, "--slow-ids", "take longer");
        Option<TimeSpan?> latency = options.AddDuration("--slow-latency", "How much longer they take [default: 3s].");
        Option<string> failing = AddPrefix(options, "--failing-ids", "always get a 500");
        Option<string> hanging = AddPrefix(options, "--hanging-ids", "are never answered");
        return
        [
            arguments => Select(arguments.GetValue(slow), new LatencyFault(arguments.GetValue(latency) ?? TimeSpan.FromSeconds(3))),
            arguments => Select(arguments.GetValue(failing), new StatusFault(500, 1)),
            arguments => Select(arguments.GetValue(hanging), new HangFault(1)),
        ];
    }

    private static Option<string> AddPrefix(OptionList options, string name, string fate) =>
        options.AddText(name, "prefix", $"Issuers whose id begins with this {fate}.");

    private static SelectiveFault? Select(string? prefix, Fault fault) =>
        prefix is null ? null : new SelectiveFault(id => id.StartsWith(prefix, StringComparison.Ordinal), fault);
}
