using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Retry;

namespace IssuerEnrichment.Tests.Documentation;

/// <summary>The steps of docs/from-a-loop.md, each of which looks up all ids by a client whose base address is the service's.</summary>
internal sealed class LoopSteps(HttpClient http, IReadOnlyList<string> ids, string file)
{
    private long _closedUntil;
    private int _failuresInARow;

    public ConcurrentDictionary<string, string[]> Found { get; } = new();

    public IReadOnlyList<(string Name, Func<Task> Run)> All =>
    [
        ("1. a loop", LoopAsync),
        ("2. eight threads", ThreadsAsync),
        ("3. a semaphore", () => ForEachAsync(id => GetIsinsAsync(id))),
        ("4. retries", () => ForEachAsync(RetryAsync)),
        ("5. a pause for all", () => ForEachAsync(id => RetryAsync(() => GetOrPauseAsync(id)))),
        ("6. outages", () => ForEachAsync(id => RetryAsync(() => GetOrWaitAsync(id)))),
        ("7. a file", ContinueAsync),
        ("the library", LibraryAsync),
    ];

    private Task LoopAsync()
    {
        #region loop
        foreach (string id in ids)
            Found[id] = GetIsins(id);
        #endregion
        return Task.CompletedTask;
    }

    #region loop-request
    private string[] GetIsins(string id)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, id);
        using HttpResponseMessage response = http.Send(request);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<Answer>(response.Content.ReadAsStream(), JsonSerializerOptions.Web)!.Data.Isins;
    }
    #endregion

    private async Task ThreadsAsync()
    {
        #region loop-threads
        ConcurrentQueue<string> queue = new(ids);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(TakeAll, TaskCreationOptions.LongRunning)));

        void TakeAll()
        {
            while (queue.TryDequeue(out string? id))
                Found[id] = GetIsins(id);
        }
        #endregion
    }

    #region loop-semaphore
    private async Task ForEachAsync(Func<string, Task<string[]>> get)
    {
        using SemaphoreSlim places = new(8);
        await Task.WhenAll(ids.Select(async id =>
        {
            await places.WaitAsync();
            try
            {
                Found[id] = await get(id);
            }
            finally
            {
                places.Release();
            }
        }));
    }

    private async Task<string[]> GetIsinsAsync(string id) => (await http.GetFromJsonAsync<Answer>(id))!.Data.Isins;
    #endregion

    #region loop-retry
    private static readonly ResiliencePipeline Retry = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
    {
        MaxRetryAttempts = 4,
        Delay = TimeSpan.FromMilliseconds(100),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
    }).Build();

    private Task<string[]> RetryAsync(string id) => RetryAsync(() => GetIsinsAsync(id));

    private static Task<string[]> RetryAsync(Func<Task<string[]>> get) => Retry.ExecuteAsync(async _ => await get()).AsTask();
    #endregion

    #region loop-pause
    private async Task<string[]> GetOrPauseAsync(string id)
    {
        while (true)
        {
            while (Volatile.Read(ref _closedUntil) - Environment.TickCount64 is > 0 and var wait)
                await Task.Delay(TimeSpan.FromMilliseconds(wait));
            using HttpResponseMessage response = await http.GetAsync(id);
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
                return await ReadAsync(response);
            Pause(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
    }

    private void Pause(TimeSpan time) => Volatile.Write(ref _closedUntil, Environment.TickCount64 + (long)time.TotalMilliseconds);

    private static async Task<string[]> ReadAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Answer>())!.Data.Isins;
    }
    #endregion

    #region loop-outage
    private async Task<string[]> GetOrWaitAsync(string id)
    {
        long givesUpAt = Environment.TickCount64 + 120_000;
        while (true)
        {
            try
            {
                string[] isins = await GetOrPauseAsync(id);
                _failuresInARow = 0;
                return isins;
            }
            catch (HttpRequestException) when (Interlocked.Increment(ref _failuresInARow) >= 5 && Environment.TickCount64 < givesUpAt)
            {
                Pause(TimeSpan.FromMilliseconds(500));
            }
        }
    }
    #endregion

    private async Task ContinueAsync()
    {
        #region loop-file
        foreach (string line in File.Exists(file) ? File.ReadLines(file) : [])
            Found[line.Split(' ')[0]] = line.Split(' ')[1..];

        await using StreamWriter writer = new(file, append: true) { AutoFlush = true };
        TextWriter kept = TextWriter.Synchronized(writer);
        await ForEachAsync(async id =>
        {
            if (Found.TryGetValue(id, out string[]? known))
                return known;
            string[] isins = await RetryAsync(() => GetOrWaitAsync(id));
            kept.WriteLine(string.Join(' ', [id, .. isins]));
            return isins;
        });
        #endregion
    }

    private async Task LibraryAsync()
    {
        Uri serviceAddress = http.BaseAddress!;
        string journalFile = file;

        #region loop-library
        ServiceCollection services = new();
        services.AddIssuerEnrichment(o => o.MaxConcurrency = 8)
                .AddHttpIssuerClient(o => o.BaseAddress = serviceAddress)
                .UseSqliteJournal(journalFile);
        await using ServiceProvider provider = services.BuildServiceProvider();
        await foreach (EnrichmentOutcome outcome in provider.GetRequiredService<IIssuerEnricher>().Stream(ids))
            if (outcome.Isins is { } isins)
                Found[outcome.IssuerId!] = [.. isins];
        #endregion
    }

    #region loop-answer
    private sealed record Answer(AnswerData Data);

    private sealed record AnswerData(string[] Isins);
    #endregion
}
