using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Migrations;
using CampaignHub.Server.Platform.Postgres;
using CampaignHub.Server.Platform.Time;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace CampaignHub.Server;

/// <summary>
/// The whole service, started in the order in which its parts need each other: settings, data directory, PostgreSQL,
/// schema, key ring, application. Disposing it ends them in the opposite order.
/// </summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly DataDirectory directory;
    private readonly PostgresServer postgres;

    private RunningService(WebApplication app, DataDirectory directory, PostgresServer postgres, OperatorKeyFile operatorKey) =>
        (App, this.directory, this.postgres, OperatorKey) = (app, directory, postgres, operatorKey);

    public WebApplication App { get; }

    public OperatorKeyFile OperatorKey { get; }

    public IServiceProvider Services => App.Services;

    /// <summary>The address that the service listens on.</summary>
    public Uri Url => new(App.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    public static async Task<RunningService> StartAsync(string[] args, CancellationToken ct, Action<IServiceCollection>? replace = null)
    {
        var builder = CreateBuilder(args);
        var settings = Settings.Of(builder.Configuration);
        settings.Check(builder.Environment);
        TimeZoneFile.Use(settings.TimeZoneData);
        using var logs = StartupLog.Create();
        var log = logs.CreateLogger("CampaignHub");
        var directory = DataDirectory.Open(builder.Configuration);
        PostgresServer? postgres = null;
        WebApplication? app = null;
        try
        {
            postgres = await PostgresServer.OpenAsync(builder.Configuration, directory, log, ct);
            await new SchemaMigrator(postgres.ConnectionString, log).ApplyAsync(ct);
            var ground = await PrepareGroundAsync(builder.Configuration, directory, postgres.ConnectionString, ct);
            app = ServiceHost.Build(builder, settings, ground, replace);
            await app.StartAsync(ct);
            return new RunningService(app, directory, postgres, ground.OperatorKey);
        }
        catch
        {
            if (app is not null)
                await app.DisposeAsync();
            if (postgres is not null)
                await postgres.DisposeAsync();
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Development unless the environment says otherwise: the container image says Production.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environments.Development,
        });
        if (builder.Configuration["urls"] is null)
            builder.WebHost.UseUrls("http://127.0.0.1:8080");
        return builder;
    }

    private static async Task<Ground> PrepareGroundAsync(
        IConfiguration configuration, DataDirectory directory, string connectionString, CancellationToken ct)
    {
        var ring = await Installation.OpenRingAsync(connectionString, new KeyRingFile(configuration, directory), ct);
        var operatorKey = OperatorKeyFile.Open(configuration, directory, () =>
            ApiKeyFormat.Create(ApiKeyKind.Operator, RandomNumberGenerator.GetBytes(ApiKeyFormat.RandomBytes)));
        return new Ground(connectionString, ring, operatorKey, new Node(directory.NodeId, directory.FullPath));
    }

    /// <summary>Waits for SIGTERM, Ctrl-C or this token. Ending is what disposing does, which allows for what takes too long.</summary>
    public async Task UntilAskedToEndAsync(CancellationToken ct)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var interrupted = ct.Register(App.Lifetime.StopApplication);
        await using var stopping = App.Lifetime.ApplicationStopping.Register(asked.SetResult);
        await asked.Task;
    }

    /// <summary>False where something took longer than there is time for: it is left as it is, and the process ends.</summary>
    private async Task<bool> StopAsync()
    {
        try
        {
            await App.StopAsync();
            return true;
        }
        catch (Exception fault) when (fault is OperationCanceledException || fault is AggregateException many && many.InnerExceptions.All(one => one is OperationCanceledException))
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (await StopAsync())
                await App.DisposeAsync();
        }
        finally
        {
            await postgres.DisposeAsync();
            directory.Dispose();
        }
    }
}
