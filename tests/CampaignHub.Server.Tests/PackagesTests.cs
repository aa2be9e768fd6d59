using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CampaignHub.Server.Demo.Outside;
using DnsClient;
using Hangfire;
using Hangfire.Storage;
using Spectre.Console;

namespace CampaignHub.Server.Tests;

/// <summary>
/// Pinned libraries that no other test calls: restored isn't yet running, since a version that fits the compiler may
/// lack a method at run time.
/// </summary>
public sealed class PackagesTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task OpenTelemetry_and_its_Prometheus_exporter_show_requests_statements_and_the_process()
    {
        using var http = _service.Anonymous;
        await http.GetAsync("/health/live").ExpectAsync(HttpStatusCode.OK);
        var metrics = await http.GetStringAsync("/metrics");
        metrics.ShouldContain("http_server_request_duration_seconds");
        metrics.ShouldContain("db_client_operation_duration_seconds");
        metrics.ShouldContain("dotnet_process_cpu_time_seconds_total");
    }

    [Fact]
    public async Task Swashbuckle_shows_the_description_to_people()
    {
        using var http = _service.Anonymous;
        (await http.GetStringAsync("/swagger/index.html")).ShouldContain("swagger-ui");
    }

    [Fact]
    public async Task Hangfires_dashboard_opens_for_the_operator_alone_from_localhost_too()
    {
        using var http = _service.Anonymous;
        using var refused = await http.GetAsync("/hangfire");
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var key = _service.Operator.DefaultRequestHeaders.Authorization!.Parameter;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{key}")));
        (await http.GetStringAsync("/hangfire")).ShouldContain("Hangfire");
    }

    [Fact]
    public void Hangfire_keeps_a_job_and_reads_it_back_through_Newtonsoft()
    {
        var id = _service.Get<IBackgroundJobClient>().Schedule(() => Shout.Once("hear, hear"), TimeSpan.FromDays(1));
        using var storage = _service.Get<JobStorage>().GetConnection();
        storage.GetJobData(id).Job.Args.ShouldBe(["hear, hear"]);
    }

    [Fact]
    public void Spectre_writes_a_table_where_there_is_no_terminal()
    {
        using var written = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(written) });
        console.Write(new Table().AddColumns("zone", "recipients").AddRow("Asia/Tokyo", "310"));
        written.ToString().ShouldContain("Asia/Tokyo");
    }

    [Fact]
    public async Task DnsClient_asks_the_server_that_it_is_given()
    {
        await using var server = new DnsResponder();
        server.Publish("shop.example", "hear, hear");
        var client = new LookupClient(IPEndPoint.Parse(server.Address));
        (await client.QueryAsync("shop.example", QueryType.TXT)).Answers.TxtRecords().Single().Text.ShouldBe(["hear, hear"]);
    }

    /// <summary>A job that a test schedules and nobody runs.</summary>
    public static class Shout
    {
        public static string Once(string words) => words;
    }
}
