using CampaignHub.Server.Operations.Backups;
using CampaignHub.Server.Operations.Doctor;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;
using CampaignHub.Server.Reports;
using CampaignHub.Server.Reports.Reclassifying;
using CampaignHub.Server.Scheduling.BestHours;
using CampaignHub.Server.Tracking.Spool;
using Npgsql;
using Spectre.Console;

namespace CampaignHub.Server;

/// <summary>What the executable can do, one method a verb; each answers the exit status.</summary>
internal static class Verbs
{
    /// <summary>Runs the service until SIGTERM or Ctrl-C.</summary>
    public static async Task<int> UpAsync(string[] args)
    {
        using var interrupted = Interruption.Listen();
        await using var service = await RunningService.StartAsync(args, interrupted.Token);
        Greeting.Print(service);
        await service.UntilAskedToEndAsync(interrupted.Token);
        return 0;
    }

    /// <summary>Brings the schema up to date and ends.</summary>
    public static async Task<int> MigrateAsync(string[] args)
    {
        var builder = RunningService.CreateBuilder(args);
        using var logs = StartupLog.Create();
        var log = logs.CreateLogger("CampaignHub");
        using var directory = DataDirectory.Open(builder.Configuration);
        await using var postgres = await PostgresServer.OpenAsync(builder.Configuration, directory, log, CancellationToken.None);
        await new SchemaMigrator(postgres.ConnectionString, log).ApplyAsync(CancellationToken.None);
        Console.WriteLine("The schema is up to date.");
        return 0;
    }

    /// <summary>Prints what whoever is on call needs to know: 0 when all is well, 1 with findings, 2 when it can't look.</summary>
    public static async Task<int> DoctorAsync(string[] args)
    {
        const int blind = 2;
        var configuration = RunningService.CreateBuilder(args).Configuration;
        try
        {
            if (RunningPostgres.Find(configuration) is not { } connectionString)
            {
                Console.Error.WriteLine("No service runs here and its built-in database is down, so there is nothing to look at: start it with ./hub up.");
                return blind;
            }
            using var interrupted = Interruption.Listen();
            var examination = await Examination.MakeAsync(connectionString, ServiceHost.ClockOf(Settings.Of(configuration)), TimeProvider.System, RingOf(configuration), interrupted.Token);
            ExaminationPrint.Print(examination, AnsiConsole.Console);
            return examination.Findings.Count == 0 ? 0 : 1;
        }
        catch (Exception fault) when (fault is StartupException or NpgsqlException)
        {
            Console.Error.WriteLine(fault is StartupException ? fault.Message : $"The database stopped answering ({fault.Message}): see whether it runs.");
            return blind;
        }
    }

    /// <summary>The key ring of the data directory that the settings name; null where no service has run on one, as beside a database of one's own.</summary>
    private static KeyRingFile? RingOf(IConfiguration configuration)
    {
        try
        {
            using var directory = DataDirectory.Visit(configuration);
            var ring = new KeyRingFile(configuration, directory);
            // Other verbs make a directory too, which never had a ring to lose.
            return ring.Exists || Directory.Exists(new SpoolFiles(directory.FullPath).Place) ? ring : null;
        }
        catch (StartupException)
        {
            return null;
        }
    }

    /// <summary>Learns anew from the event log when people read, for <c>best_time</c>; while a service runs too.</summary>
    public static async Task<int> RelearnAsync(string[] args)
    {
        using var interrupted = Interruption.Listen();
        if (RunningPostgres.Find(RunningService.CreateBuilder(args).Configuration) is not { } connectionString)
            throw new StartupException("No service runs here and its built-in database is down: start it with ./hub up.");
        Console.WriteLine($"Learned when {await Relearning.RunAsync(connectionString, interrupted.Token):N0} people read.");
        return 0;
    }

    /// <summary>Judges the hits of every campaign again by the rules of today; while a service runs too. Broken off, it can be run again.</summary>
    public static async Task<int> ReclassifyAsync(string[] args)
    {
        using var interrupted = Interruption.Listen();
        var configuration = RunningService.CreateBuilder(args).Configuration;
        if (RunningPostgres.Find(configuration) is not { } connectionString)
            throw new StartupException("No service runs here and its built-in database is down: start it with ./hub up.");
        try
        {
            await using var database = new Database(connectionString);
            await new ReclassifyEverything(database, ServiceHost.ClockOf(Settings.Of(configuration)), Console.WriteLine, interrupted.Token).RunAsync();
            return 0;
        }
        catch (OperationCanceledException)
        {
            throw new StartupException("Broken off: the service goes on with what is left, and so does ./hub reclassify.");
        }
    }

    /// <summary>Writes database, key ring and spooled hits into one file, while a service runs too.</summary>
    public static Task<int> BackupAsync(string[] args) => WithFileAsync("backup", args, async (file, builder, log, ct) =>
    {
        await Backup.TakeAsync(builder.Configuration, file, ServiceHost.ClockOf(Settings.Of(builder.Configuration)), log, ct);
        Console.WriteLine($"Wrote {file}. It holds every secret and every address: keep it as safe as the key ring.");
    });

    /// <summary>Puts a backup into an empty installation, in which nothing is sent until it is resumed.</summary>
    public static Task<int> RestoreAsync(string[] args) => WithFileAsync("restore", args, async (file, builder, log, ct) =>
    {
        var work = await Restore.RunAsync(builder.Configuration, file, ServiceHost.ClockOf(Settings.Of(builder.Configuration)), log, ct);
        Console.WriteLine($"Restored {file}.");
        Console.WriteLine($"Launched campaigns that are paused: {work.Campaigns}. What was sent after the backup would be sent again once they are resumed.");
        Console.WriteLine($"Deliveries that were under way, are held and won't be sent again: {work.Held}.");
    });

    /// <summary>Recounts every report from the events, while a service runs too: 0 when all is right, 1 with differences, 2 when it can't look.</summary>
    public static async Task<int> VerifyRollupsAsync(string[] args)
    {
        const int blind = 2;
        try
        {
            if (RunningPostgres.Find(RunningService.CreateBuilder(args).Configuration) is not { } connectionString)
            {
                Console.Error.WriteLine("No service runs here and its built-in database is down, so there is nothing to verify: start it with ./hub up.");
                return blind;
            }
            using var interrupted = Interruption.Listen();
            await using var database = new Database(connectionString);
            var verification = new RollupVerification(database, difference => Console.WriteLine(
                $"tenant {difference.TenantId} campaign {difference.CampaignId} {difference.What}: stored {difference.Stored}, recounted {difference.Recounted}"), interrupted.Token);
            await verification.RunAsync();
            Console.WriteLine($"{verification.Events} events of {verification.Campaigns} campaigns recounted, {verification.Differences} differences.{(verification.Sealed == 0 ? "" : $" {verification.Sealed} campaigns are sealed: not all of their events are kept.")}");
            return verification.Differences == 0 ? 0 : 1;
        }
        catch (Exception fault) when (fault is StartupException or NpgsqlException)
        {
            Console.Error.WriteLine(fault is StartupException ? fault.Message : $"The database can't be read ({fault.Message}): see whether it runs, and whether ./hub migrate has brought it up to date.");
            return blind;
        }
    }

    private static async Task<int> WithFileAsync(
        string verb, string[] args, Func<string, WebApplicationBuilder, ILogger, CancellationToken, Task> work)
    {
        if (args is not [{ Length: > 0 } file, ..] || file.StartsWith('-'))
            throw new StartupException($"Name the file: ./hub {verb} FILE.");
        using var logs = StartupLog.Create();
        using var interrupted = Interruption.Listen();
        try
        {
            await work(file, RunningService.CreateBuilder(args[1..]), logs.CreateLogger("CampaignHub"), interrupted.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            throw new StartupException($"The {verb} was broken off; nothing of it is left.");
        }
        catch (NpgsqlException fault)
        {
            throw new StartupException($"The {verb} failed, because the database stopped answering ({fault.Message}): run it again once it does.", fault);
        }
    }

    /// <summary>Prints the OpenAPI description. Starts nothing.</summary>
    public static int PrintOpenApi()
    {
        using var app = ServiceHost.BuildToDescribe();
        Console.WriteLine(Platform.OpenApi.ApiDescription.Describe(app.Services));
        return 0;
    }

    public static int Refuse(string? verb)
    {
        Console.Error.WriteLine(verb is null ? "Name what to do:" : $"There is no verb '{verb}':");
        Console.Error.WriteLine("  up        run the service (settings: see README)");
        Console.Error.WriteLine("  demo      the main job from nothing, checked by itself (--stay keeps it up)");
        Console.Error.WriteLine("  migrate   bring the database's schema up to date");
        Console.Error.WriteLine("  doctor    print the state of queue, relays, nodes and database, and what to do");
        Console.Error.WriteLine("  relearn   learn anew from the event log when people read, for best_time");
        Console.Error.WriteLine("  reclassify  judge every campaign's hits again by the rules of today");
        Console.Error.WriteLine("  backup    write database, key ring and spooled hits into one FILE");
        Console.Error.WriteLine("  restore   put a backup FILE into an empty installation, all campaigns paused");
        Console.Error.WriteLine("  verify-rollups  recount every report from the events");
        Console.Error.WriteLine("  openapi   print the OpenAPI description");
        return 2;
    }
}
