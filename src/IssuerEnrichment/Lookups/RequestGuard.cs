using System.Threading.RateLimiting;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>What every request of a source passes, be it for one issuer or for many, of an HTTP client or not: gate ▸ pace ▸ its time; and the report of what came of it.</summary>
internal sealed class RequestGuard(SourceState source)
{
    private const int TimesUsual = 8;

    private static readonly TimeSpan ShortestCut = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider = source.Environment.TimeProvider;
    private readonly AsyncLocal<RequestContext?> _current = new();

    public ServiceGate Gate => source.Gate;

    public bool IsPaced => source.Limiter is not null;

    /// <summary>The lookup on whose behalf the current flow makes requests; null where there is none.</summary>
    public RequestContext? Current => _current.Value;

    /// <summary>The current flow makes requests on behalf of a lookup.</summary>
    public void SetCurrent(RequestContext lookup) => _current.Value = lookup;

    /// <summary>Waits at the gate.</summary>
    /// <param name="context">The lookup on whose behalf the request is sent; null where there is none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LookupEndedException">The gate opens after the deadline, or nobody waits for the service any more.</exception>
    /// <exception cref="ServiceDownException">The service is down.</exception>
    public async ValueTask<GatePass> EnterAsync(RequestContext? context, CancellationToken cancellationToken)
    {
        if (context is null)
            return await Gate.EnterAsync(isProbe: true, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);

        long askedAt = context.Lifetime.Now;
        bool isDown = Gate.IsDown;
        bool isFree = Gate.IsWell;
        try
        {
            return await Gate.EnterAsync(context.IsProber, context.Lifetime.TimeLeft, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            TimeSpan waited = context.Lifetime.ElapsedSince(askedAt);
            if (isFree)
                context.Account.AddQueued(waited);
            else if (Gate.Throttled == 0 && !isDown)
                context.Account.AddPaced(waited);
            else
                context.Account.AddGate(waited, isDown);
        }
    }

    /// <summary>Waits for the pace on behalf of a request that has passed the gate.</summary>
    /// <exception cref="LookupEndedException">The next permit comes after the run's deadline.</exception>
    /// <exception cref="PassExpiredException">The gate has closed meanwhile.</exception>
    public async ValueTask<RateLimitLease> PaceAsync(RequestContext? context, GatePass pass, CancellationToken cancellationToken)
    {
        if (context is not null && source.Pace is { } pace && pace.EstimateWait() is var wait && wait > context.Lifetime.TimeLeft)
            throw new LookupEndedException(TooLate(wait));

        long askedAt = _timeProvider.GetTimestamp();
        ValueTask<RateLimitLease> permit = source.Pace is { } own
            ? own.AcquireAsync(() => Gate.IsCurrent(pass), cancellationToken)
            : source.Limiter!.AcquireAsync(1, cancellationToken);
        bool isPaced = !permit.IsCompleted;
        RateLimitLease lease;
        try
        {
            lease = await permit.ConfigureAwait(false);
        }
        finally
        {
            if (isPaced)
                context?.Account.AddPaced(_timeProvider.GetElapsedTime(askedAt));
        }

        // Then a permit, if it has one, is lost: kept until the gate opens, it would be used together with all the others that were.
        if (!Gate.IsCurrent(pass))
        {
            lease.Dispose();
            throw new PassExpiredException();
        }

        Gate.Send(pass);
        return lease;
    }

    /// <summary>How long a request may take.</summary>
    public TimeSpan AttemptTimeout(RequestContext? context)
    {
        TimeoutOptions options = source.Options.Timeout;
        if (context is null)
            return options.Attempt;
        TimeSpan left = options.Lookup - context.TimeSpent;
        return left >= options.Attempt ? options.Attempt : TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds));
    }

    /// <summary>When it is cut short; null where it is not: later attempts get their whole time, and late ones are hedged instead.</summary>
    public CutShort? CutShort(RequestContext context) =>
        source.Options.Timeout.Adaptive && source.Hedge is null && context.Retry is null && source.Latency.Usual is { } usual
            ? new CutShort(TimeSpan.FromTicks(Math.Max(ShortestCut.Ticks, TimesUsual * usual.Ticks)), Gate)
            : null;

    /// <summary>An HTTP request of the current flow is sent.</summary>
    public void CountRequest()
    {
        if (Current is not { } lookup)
            return;
        lookup.MarkSent(_timeProvider.GetTimestamp());
        lookup.Account.CountRequest();
    }

    /// <summary>Tells the gate what came of a request, and the lookup what that was taken for.</summary>
    public void Report(GatePass pass, in Judgement judgement, RequestContext? context)
    {
        AnswerMeaning meaning = Gate.Report(pass, new GateSignal(judgement.Meaning, judgement.Hint, context is not { HasFailed: true })
        {
            SentAt = context?.SentAt ?? long.MaxValue,
            IsCanary = context is { IsCanary: true },
            Error = judgement.Error,
            IsUnreachable = judgement.IsUnreachable,
        });
        if (context is not null && meaning is not (AnswerMeaning.None or AnswerMeaning.Good or AnswerMeaning.NotFound or AnswerMeaning.Rejected))
            context.LastFailure = judgement with { Meaning = meaning };
    }

    private static EnrichmentError TooLate(TimeSpan wait) => new(
        EnrichmentErrorKind.Deadline, $"The rate limit's next permit is {wait.TotalSeconds:0.#} s away, and the run's deadline comes before.");
}
