using System.Diagnostics;

namespace CampaignHub.Benchmarks;

/// <summary>Asks the API for a small list again and again, to see what others feel meanwhile.</summary>
internal sealed class ApiPoll : IAsyncDisposable
{
    private readonly List<double> _milliseconds = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _polling;

    public ApiPoll(HttpClient http) => _polling = PollAsync(http);

    public async Task<string> SummaryAsync()
    {
        await _stop.CancelAsync();
        await _polling;
        _milliseconds.Sort();
        return $"{_milliseconds.Count} calls, p50 {At(0.5):0} ms, p99 {At(0.99):0} ms, worst {At(1):0} ms";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _polling;
        _stop.Dispose();
    }

    private double At(double share) => _milliseconds[Math.Max(0, (int)Math.Ceiling(share * _milliseconds.Count) - 1)];

    private async Task PollAsync(HttpClient http)
    {
        while (!_stop.IsCancellationRequested)
        {
            var watch = Stopwatch.StartNew();
            using (var answer = await http.GetAsync("/v1/api-keys"))
                answer.EnsureSuccessStatusCode();
            _milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            await Task.Delay(20, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
