using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace CampaignHub.Server.Tests.Platform;

/// <summary>What a collector of traces gets by OTLP over HTTP.</summary>
public sealed class TracesTests
{
    [Fact]
    public async Task A_request_a_job_and_a_delivery_are_traced_down_to_SQL_and_SMTP()
    {
        await using var collector = new Collector();
        await using var service = await TestService.StartAsync($"--OTEL_EXPORTER_OTLP_ENDPOINT={collector.Url}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_BSP_SCHEDULE_DELAY=200");
        await using var scenario = await Scenario.StartAsync(service);
        await scenario.AddAsync("ann@mail.example");
        var campaign = await scenario.DraftAsync();
        await scenario.LaunchAsync(campaign);
        await scenario.FinishedAsync(campaign);

        foreach (var sign in (string[])
            ["POST /v1/campaigns", "postgresql", "INSERT INTO", "WaveJob.OpenAsync", "plan", "claim", "deliver", "SMTP", "smtp.reply", "commit results and marks", campaign.ToString()])
            await Eventually.Async(() => Task.FromResult(collector.Heard(sign)), $"{sign} is traced");
        collector.Heard("/health/").ShouldBeFalse();

        using var reader = service.Anonymous;
        await reader.GetAsync("/u/somebodys-token?and=more");
        await Eventually.Async(() => Task.FromResult(collector.Heard("/u/{token}")), "the page is traced");
        collector.Heard("somebodys-token").ShouldBeFalse();
        collector.Heard("and=more").ShouldBeFalse();
    }

    /// <summary>Takes whatever is posted and finds texts in it: protobuf has them as they are.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<string> _heard = [];
        private readonly Task _running;

        public Collector()
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }
            _listener.Prefixes.Add($"{Url}/");
            _listener.Start();
            _running = ListenAsync();
        }

        public string Url { get; }

        public bool Heard(string text) => _heard.Any(body => body.Contains(text, StringComparison.Ordinal));

        private async Task ListenAsync()
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _heard.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
                context.Response.Close();
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ((IDisposable)_listener).Dispose();
        }
    }
}
