using System.Threading.RateLimiting;
using IssuerEnrichment.Throttling;

namespace IssuerEnrichment.Lookups;

/// <summary>
/// The steps of every request of a source, for one issuer or a batch, over HTTP or not: gate ▸ rate limit ▸ timeout, and then the report to the gate.
/// </summary>
internal sealed class RequestGuard(SourceState source)
{
    private const int TimesUsual = 8;

    private static readonly TimeSpan ShortestCut = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _timeProvider = source.Environment.TimeProvider;
    private readonly AsyncLocal<RequestContext?> _current = new();

    public ServiceGate Gate => source.Gate;

    public bool IsPaced => source.Limiter is not null;

    /// <summary>The lookup for which the current asynchronous flow sends requests; null if there is none.</summary>
    public RequestContext? Current => _current.Value;

    /// <summary>Sets the lookup for which the current asynchronous flow sends requests.</summary>
    public void SetCurrent(RequestContext lookup) => _current.Value = lookup;

    /// <summary>Waits at the gate.</summary>
    /// <param name="context">The lookup for which the request is sent; null if there is none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="LookupEndedException">The gate opens after the deadline, or the service is given up.</exception>
    /// <exception cref="ServiceDownException">The service is down.</exception>
    public async ValueTask<GatePass> EnterAsync(RequestContext? context, CancellationToken cancellationToken)
    {
        if (context is null)
            return await Gate.EnterAsync(isProbe: true, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);

        long askedAt = context.Lifetime.Now;
        bool isDown = Gate.IsDown;
        bool isFree = Gate.IsHealthy;
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

    /// <summary>Waits for a permit of the rate limiter, for a request that has passed the gate.</summary>
    /// <exception cref="LookupEndedException">The next permit is available only after the run's deadline.</exception>
    /// <exception cref="PassExpiredException">The gate closed during the wait.</exception>
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

        // The permit is lost. If permits were kept until the gate opens, they would all be used at the same time.
        if (!Gate.IsCurrent(pass))
        {
            lease.Dispose();
            throw new PassExpiredException();
        }

        Gate.Send(pass);
        return lease;
    }

    /// <summary>Returns the timeout of a request.</summary>
    public TimeSpan AttemptTimeout(RequestContext? context)
    {
        TimeoutOptions options = source.Options.Timeout;
        if (context is null)
            return options.Attempt;
        TimeSpan left = options.Lookup - context.TimeSpent;
        return left >= options.Attempt ? options.Attempt : TimeSpan.FromMilliseconds(Math.Max(1, left.TotalMilliseconds));
    }

    /// <summary>Returns when to cut the first attempt short; null if it is hedged instead. Retries always get the full timeout.</summary>
    public CutShort? CutShort(RequestContext context) =>
        source.Options.Timeout.Adaptive && source.Hedge is null && context.Retry is null && source.Latency.Usual is { } usual
            ? new CutShort(TimeSpan.FromTicks(Math.Max(ShortestCut.Ticks, TimesUsual * usual.Ticks)), Gate)
            : null;

    /// <summary>Counts an HTTP request that the current asynchronous flow sends.</summary>
    public void CountRequest()
    {
        if (Current is not { } lookup)
            return;
        lookup.MarkSent(_timeProvider.GetTimestamp());
        lookup.Account.CountRequest();
    }

    /// <summary>Reports the result of a request to the gate, and its meaning to the lookup.</summary>
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
        EnrichmentErrorKind.Deadline, $"The next permit of the rate limit is available in {wait.TotalSeconds:0.#} s, but the run's deadline is earlier.");
}
