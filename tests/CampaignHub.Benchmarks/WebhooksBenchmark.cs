using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Benchmarks;

/// <summary>
/// So many tenants with an endpoint each, some of which never answer, while events come in at a steady rate: how long until each event
/// was heard by those that do answer. The reference is the same without any that hang.
/// </summary>
internal static class WebhooksBenchmark
{
    private const int Endpoints = 50;

    public static async Task<int> RunAsync(int seconds, int rate, int hanging)
    {
        var alone = await MeasureAsync(seconds, rate, 0);
        var beside = await MeasureAsync(seconds, rate, hanging);
        Console.WriteLine($"{rate:N0} events a second for {seconds} s over {Endpoints} endpoints, {Environment.ProcessorCount} processors, the endpoints on them too");
        Print("none hangs", alone);
        Print($"{hanging} hang", beside);
        Console.WriteLine($"p99 beside hanging ones ÷ without: {beside.P99 / alone.P99:0.00} (aim: each heard within 5 s; ratio near 1)");
        return beside.Heard == beside.Wanted && beside.Worst <= 5 ? 0 : 1;
    }

    private static void Print(string what, Outcome outcome) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-11}  heard {outcome.Heard:N0} of {outcome.Wanted:N0} by those that answer: p50 {outcome.P50:0.00} s, p99 {outcome.P99:0.00} s, worst {outcome.Worst:0.00} s after the event"));

    private static async Task<Outcome> MeasureAsync(int seconds, int rate, int hanging)
    {
        await using var service = await ServiceUnderTest.StartAsync();
        var delays = new ConcurrentBag<double>();
        await using var endpoints = await ListenAsync(hanging, delays);
        var tenants = new List<Guid>();
        for (var n = 0; n < Endpoints; n++)
        {
            tenants.Add(await service.NewTenantAsync());
            using var made = await service.Http.PostAsJsonAsync("/v1/webhooks", new { url = $"{endpoints.Urls.First()}/{n}", events = (string[])["delivery.accepted"] });
            made.EnsureSuccessStatusCode();
        }
        var clock = Stopwatch.StartNew();
        var perRound = Math.Max(1, rate / 10);
        for (var round = 0; round < seconds * 10; round++)
        {
            if (TimeSpan.FromMilliseconds(100 * round) - clock.Elapsed is { Ticks: > 0 } early)
                await Task.Delay(early);
            await service.Database.ExecuteAsync("""
                INSERT INTO campaignhub.events (tenant_id, event_id, received_at, type, at)
                SELECT ($1::uuid[])[1 + ($2 + i) % cardinality($1::uuid[])], campaignhub.uuid_v7(clock_timestamp()), clock_timestamp(), 'delivery.accepted', clock_timestamp()
                FROM generate_series(0, $3 - 1) AS i
                """, tenants.ToArray(), round * perRound, perRound);
        }
        var wanted = Enumerable.Range(0, seconds * 10 * perRound).Count(i => i % Endpoints >= hanging);
        while (delays.Count < wanted && clock.Elapsed < TimeSpan.FromSeconds(seconds + 60))
            await Task.Delay(100);
        double[] sorted = [.. delays.Order()];
        return new Outcome(sorted.Length, wanted, At(0.5), At(0.99), At(1));

        double At(double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>The first of them never answer.</summary>
    private static async Task<WebApplication> ListenAsync(int hanging, ConcurrentBag<double> delays)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var number = int.Parse(context.Request.Path.Value!.TrimStart('/'), CultureInfo.InvariantCulture);
            if (number < hanging)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }
            var body = await JsonNode.ParseAsync(context.Request.Body);
            var at = InstantPattern.ExtendedIso.Parse(body!["timestamp"]!.GetValue<string>()).Value;
#pragma warning disable RS0030 // The service's clock is the system's, and so is that of its database.
            delays.Add((SystemClock.Instance.GetCurrentInstant() - at).TotalSeconds);
#pragma warning restore RS0030
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        await app.StartAsync();
        return app;
    }

    private sealed record Outcome(int Heard, int Wanted, double P50, double P99, double Worst);
}
