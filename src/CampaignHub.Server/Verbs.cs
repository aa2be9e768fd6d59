using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;

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
        await service.App.WaitForShutdownAsync(interrupted.Token);
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
        Console.Error.WriteLine("  openapi   print the OpenAPI description");
        return 2;
    }
}
