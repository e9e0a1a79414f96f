using System.Globalization;
using System.Text;
using Spectre.Console;

namespace EnrichIssuers.Demo;

/// <summary>The requests of all strategies over time on one scale: a row for each issuer, a bar for each request.</summary>
internal sealed class Timeline
{
    // The width of borders, padding, the column of issuers, and headings that are wider than their bars.
    private const int FrameWidth = 26;

    private readonly IReadOnlyList<StrategyRun> _runs;
    private readonly double _columnsPerSecond;
    private readonly char _answered;
    private readonly char _failed;

    public Timeline(IReadOnlyList<StrategyRun> runs, Profile profile)
    {
        _runs = runs;
        _columnsPerSecond = (profile.Width - FrameWidth) / runs.Sum(run => run.Elapsed.TotalSeconds);
        (_answered, _failed) = profile.Capabilities.Unicode ? ('█', '░') : ('#', 'x');
    }

    public Table ToTable()
    {
        Table table = new Table().Title("Requests over time").RoundedBorder().AddColumn("Issuer");
        foreach (StrategyRun run in _runs)
        {
            string header = string.Create(CultureInfo.InvariantCulture, $"{run.Strategy}\n{run.Elapsed.TotalSeconds:0.0} s");
            table.AddColumn(new TableColumn(header).NoWrap().Width(Math.Max(run.Strategy.Length, ColumnAt(run.Elapsed) + 1)));
        }

        foreach (Issuer issuer in _runs[0].Result.Document.Issuers)
            table.AddRow([issuer.Id!, .. _runs.Select(run => Bars(run, issuer.Id!))]);
        return table.Caption($"{_answered} answered   {_failed} failed");
    }

    private string Bars(StrategyRun run, string issuerId)
    {
        StringBuilder markup = new();
        int end = 0;
        foreach (RecordedRequest request in run.Requests.Where(request => request.IssuerId == issuerId).OrderBy(request => request.Start))
        {
            int start = Math.Max(end, ColumnAt(request.Start));
            markup.Append(' ', start - end);
            end = Math.Max(start + 1, ColumnAt(request.End));
            (string colour, char bar) = request.Succeeded ? ("green", _answered) : ("red", _failed);
            markup.Append($"[{colour}]").Append(bar, end - start).Append("[/]");
        }

        return markup.ToString();
    }

    private int ColumnAt(TimeSpan time) => (int)Math.Round(time.TotalSeconds * _columnsPerSecond);
}
