using System.Globalization;
using System.Text;
using CampaignHub.Benchmarks;
using CampaignHub.Benchmarks.BestTime;
using CampaignHub.Benchmarks.Crashing;
using CampaignHub.Benchmarks.Reporting;
using CampaignHub.Benchmarks.Sending;
using CampaignHub.Benchmarks.Tracking;

try
{
    switch (args)
    {
        case ["customers", var path, var rows]:
            using (var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
                CustomerFile.Write(file, int.Parse(rows, CultureInfo.InvariantCulture), seed: 20261127);
            return 0;
        case ["import", .. var rest]:
            return await ImportBenchmark.RunAsync(new Arguments(rest).NumberAt(0, 1_000_000));
        case ["plan", .. var rest]:
            var plan = new Arguments(rest, "--profile");
            return await PlanBenchmark.RunAsync(plan.NumberAt(0, 1_000_000), plan.Has("--profile"));
        case ["claim", .. var rest]:
            return await ClaimBenchmark.RunAsync(new Arguments(rest).NumberAt(0, 1_000_000));
        case ["segments", .. var rest]:
            return await SegmentBenchmark.RunAsync(new Arguments(rest).NumberAt(0, 1_000_000));
        case ["report", .. var rest]:
            var report = new Arguments(rest, "--seconds N");
            return await ReportBenchmark.RunAsync(report.NumberAt(0, 10_000_000), report.Number("--seconds", 20));
        case ["reclassify", .. var rest]:
            var reclassify = new Arguments(rest, "--profile");
            return await ReclassifyBenchmark.RunAsync(reclassify.NumberAt(0, 200_000), reclassify.Has("--profile"));
        case ["best-time", .. var rest]:
            var bestTime = new Arguments(rest, "--picture FILE");
            return BestTimeBenchmark.Run(bestTime.NumberAt(0, 2_000), bestTime.Text("--picture"));
        case ["send", .. var rest]:
            var send = new Arguments(rest, "--connections N", "--workers N", "--profile");
            return await SendBenchmark.RunAsync(send.NumberAt(0, 50_000), send.Number("--connections", 10), send.Number("--workers", 2), send.Has("--profile"));
        case ["slow", .. var rest]:
            var slow = new Arguments(rest, "--connections N");
            return await SlowDomainBenchmark.RunAsync(slow.NumberAt(0, 10_000), slow.Number("--connections", 10));
        case ["pause", .. var rest]:
            var pause = new Arguments(rest, "--connections N");
            return await PauseBenchmark.RunAsync(pause.NumberAt(0, 20_000), pause.NumberAt(1, 20), pause.Number("--connections", 10));
        case ["crash", .. var rest]:
            var crash = new Arguments(rest, "--uncertain WORD", "--seed N");
            return await CrashBenchmark.RunAsync(crash.NumberAt(0, 50_000), crash.NumberAt(1, 20), crash.Word("--uncertain", "resend", "hold"), crash.Number("--seed", Random.Shared.Next(1, 1_000_000)));
        case ["track", .. var rest]:
            var track = new Arguments(rest, "--connections N", "--rate N", "--seed N", "--role WORD", "--profile");
            return await TrackBenchmark.RunAsync(track.NumberAt(0, 10), track.NumberAt(1, 20), track.Number("--connections", 128), track.Number("--rate", 2_000), track.Number("--seed", Random.Shared.Next(1, 1_000_000)), track.Word("--role", "all", "api") ?? "all", track.Has("--profile"));
        case ["hooks", .. var rest]:
            var hooks = new Arguments(rest, "--rate N");
            return await HooksBenchmark.RunAsync(hooks.NumberAt(0, 20), hooks.Number("--rate", 500));
        case ["webhooks", .. var rest]:
            var webhooks = new Arguments(rest, "--rate N", "--hanging N");
            return await WebhooksBenchmark.RunAsync(webhooks.NumberAt(0, 20), webhooks.Number("--rate", 1_000), webhooks.Number("--hanging", 5));
        case ["compose", .. var rest]:
            return ComposeBenchmark.Run(new Arguments(rest).NumberAt(0, 5_000));
        case ["smtp", .. var rest]:
            return await SmtpBenchmark.RunAsync(new Arguments(rest).NumberAt(0, 50_000));
        case ["bare-kestrel", var port]:
            return await BareKestrel.RunAsync(port);
        case ["readers", var order]:
            return await Readers.RunAsync(order);
        case ["bare-sink"]:
            return await BareSink.RunAsync();
        case ["sink", var port, var folder]:
            return await SinkProgram.RunAsync(port, folder);
    }
}
catch (UsageException fault)
{
    await Console.Error.WriteLineAsync(fault.Message);
}
Console.WriteLine("""
    Name a benchmark:
      hub bench import [ROWS]           imports beside a plain COPY (default 1,000,000)
      hub bench plan [PEOPLE]           a plan and its launch beside a plain INSERT … SELECT (default 1,000,000)
          --profile                     the statements that took the most time
      hub bench claim [ROWS]            claiming a batch from ledgers of 10,000 rows up to so many (default 1,000,000)
      hub bench segments [PEOPLE]       segments beside a plain count of all people (default 1,000,000)
      hub bench report [EVENTS]         every report under 50 dashboards, beside a row by its key (default 10,000,000)
          --seconds N                   how long to poll, quiet and while opens come in (default 20)
      hub bench reclassify [EVENTS]     judging a campaign's hits again, beside a plain rewrite of their rows (default 200,000)
          --profile                     the statements that took the most time
      hub bench best-time [PEOPLE]      the learned hour beside a fixed one, among people whose habits are known (default 2,000)
          --picture FILE                draws the curve
      hub bench webhooks [SECONDS]      events told to 50 endpoints of which some hang, beside none that do (default 20)
          --rate N                      events a second (default 1,000)
          --hanging N                   endpoints that never answer (default 5)
      hub bench compose [MESSAGES]      making a message beside MimeKit, and signing it (default 5,000 a round)
      hub bench smtp [MESSAGES]         our SMTP dialogue beside MailKit's client (default 50,000)
      hub bench send [PEOPLE]           a campaign beside postfix's smtp-source, to the same sink (default 50,000)
          --connections N               to the sink at once (default 10)
          --workers N                   then again with so many worker processes (default 2; 1: not)
          --profile                     the statements that took the most time
      hub bench slow [PEOPLE]           a campaign of which one mail domain answers slowly: the others' pace beside it and without (default 10,000)
          --connections N               to the sink at once (default 10)
      hub bench pause [PEOPLE] [PAUSES] how soon after a pause's answer nothing more is begun (default 20,000 and 20)
          --connections N               to the sink at once (default 10)
      hub bench crash [PEOPLE] [KILLS]  campaigns whose service is killed again and again (default 50,000 and 20)
          --uncertain resend|hold       only with this when_uncertain
          --seed N                      the moments of an earlier run
      hub bench track [SECONDS] [KILLS] opens and clicks beside bare Kestrel, with PostgreSQL silent, and killed again and again (default 10 and 20)
          --connections N               of the readers at once (default 128)
          --rate N                      requests a second while it is killed (default 2,000, or half of the top rate)
          --seed N                      the moments of an earlier run
          --role all|api                of the node that is measured (default all: it also judges and counts)
      hub bench hooks [SECONDS]         orders of a shop in a burst: how fast they are answered, and whether all are stored (default 20)
          --rate N                      messages a second (default 500)
      hub bench customers FILE ROWS     writes a file of invented customers in Shopify's layout
    """);
return 1;
