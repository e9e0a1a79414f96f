using IssuerEnrichment.Clients;
using IssuerEnrichment.Lookups;
using Polly;

namespace IssuerEnrichment.Batching;

/// <summary>Sends batches through the service's policies, and bisects those that fail because of their content.</summary>
/// <param name="ask">Sends a batch request.</param>
/// <param name="leavesOpen">Whether an issuer that a response does not contain is looked up alone; otherwise it fails.</param>
/// <param name="policies">The policies of the service.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class BatchSender(AskBatch ask, bool leavesOpen, ServicePolicies policies, TimeProvider timeProvider)
{
    private readonly ResiliencePipeline<IssuerAnswer[]> _pipeline = policies.BuildBatchPipeline();

    public BatchPolicy Policy => policies.Source.Batches;

    public bool LeavesOpen => leavesOpen;

    /// <summary>Sends a batch. Completes when each member has its answer or error; does not throw.</summary>
    /// <remarks>A batch that is bisected becomes two, which are sent one after the other in the slot of the batch.</remarks>
    public async Task SendAsync(ArraySegment<BatchMember> batch, LookupBatcher batcher)
    {
        Stack<ArraySegment<BatchMember>> parts = new([batch]);
        while (parts.TryPop(out ArraySegment<BatchMember> part))
        {
            if (part.Count <= Policy.MaxSize && await TryAskAsync(part, batcher).ConfigureAwait(false))
                continue;
            int half = part.Count / 2;
            parts.Push(part[half..]);
            parts.Push(part[..half]);
        }
    }

    private async Task<bool> TryAskAsync(ArraySegment<BatchMember> part, LookupBatcher batcher)
    {
        if (batcher.Begin(part) is not { } request)
            return true;
        if (leavesOpen && request.Members.Length == 1)
        {
            // A batch request for a single issuer would be a wasted request.
            batcher.Answer(request, new IssuerAnswer[1]);
            return true;
        }

        Outcome<IssuerAnswer[]> outcome = await ExecuteAsync(request, batcher).ConfigureAwait(false);
        if (outcome.Exception is not { } exception)
        {
            Policy.Deposit(request.Members.Length);
            batcher.Answer(request, outcome.Result!);
            return true;
        }

        Exception? error = request.IsSent && request.Members.Length > 1 ? Policy.Judge(exception, request.Members.Length) : exception;
        if (error is null)
            batcher.Requeue(request);
        else
            batcher.Fail(request, error);
        return error is not null;
    }

    private async Task<Outcome<IssuerAnswer[]>> ExecuteAsync(BatchRequest request, LookupBatcher batcher)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(request.Token);
        request.Context.AttachTo(context);
        try
        {
            return await _pipeline
                .ExecuteOutcomeAsync(
                    static (context, state) => state.Sender.CallAsync(context, state.Request, state.Batcher),
                    context,
                    (Sender: this, Request: request, Batcher: batcher))
                .ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return Outcome.FromException<IssuerAnswer[]>(e);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<IssuerAnswer[]>> CallAsync(ResilienceContext context, BatchRequest request, LookupBatcher batcher)
    {
        CallTimer calls = request.Context.Lifetime.Calls;
        TimedCall call = calls.Begin(context.CancellationToken);
        try
        {
            Task<IReadOnlyDictionary<string, IssuerAnswer>> answer = ask(batcher.Send(request), call.Token)
                ?? throw ClientCalls.NoTask();
            await call.WaitAsync(answer).ConfigureAwait(false);
            IReadOnlyDictionary<string, IssuerAnswer> answers = await LookupExecutor
                .GetAsync(answer, call, request.Context, timeProvider).ConfigureAwait(false)
                ?? throw ClientCalls.NoAnswers();
            return Outcome.FromResult(request.Members
                .Select(member => answers.TryGetValue(member.Lookup.AskedId, out IssuerAnswer answer) ? answer : default).ToArray());
        }
        catch (Exception e)
        {
            return Outcome.FromException<IssuerAnswer[]>(e);
        }
        finally
        {
            calls.End(call);
        }
    }
}
