using System.Net;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Audience.Imports;
using CampaignHub.Server.Campaigns;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Events;
using CampaignHub.Server.Forms;
using CampaignHub.Server.Inbound;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Health;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Http.Limits;
using CampaignHub.Server.Platform.Jobs;
using CampaignHub.Server.Platform.OpenApi;
using CampaignHub.Server.Platform.Time;
using CampaignHub.Server.Relays;
using CampaignHub.Server.Reports;
using CampaignHub.Server.Scheduling;
using CampaignHub.Server.Sending;
using CampaignHub.Server.Storefronts;
using CampaignHub.Server.Tracking;
using CampaignHub.Server.Webhooks;
using Microsoft.AspNetCore.HttpOverrides;
using NodaTime;

namespace CampaignHub.Server;

/// <summary>The service put together: what it stands on is given, its rooms are added in the order of the data.</summary>
internal static class ServiceHost
{
    private const string NoDatabase = "Host=none";

    /// <summary>Builds the application on a ground that stands. Hangfire's dashboard connects to its storage at once.</summary>
    /// <param name="builder">Where its configuration and logs come from.</param>
    /// <param name="settings">The service's own settings.</param>
    /// <param name="ground">What it stands on.</param>
    /// <param name="replace">Puts other parts in the place of some: a test's stand-in for what is outside of its machine.</param>
    public static WebApplication Build(WebApplicationBuilder builder, Settings settings, Ground ground, Action<IServiceCollection>? replace = null)
    {
        var app = BuildApi(builder, settings, ground, replace);
        app.MapHangfire();
        return app;
    }

    /// <summary>The application as far as its description needs it, on a ground that nothing touches.</summary>
    public static WebApplication BuildToDescribe() =>
        BuildApi(WebApplication.CreateSlimBuilder(), new Settings { Role = "api" }, new Ground(NoDatabase, KeyRing.Create(new byte[KeyRing.SecretBytes]), new OperatorKeyFile("none", null), new Node(Guid.Empty, "none")));

    /// <summary>Business time as the settings have it.</summary>
    public static BusinessClock ClockOf(Settings settings)
    {
#pragma warning disable RS0030 // Here the clock is chosen, once; everything else takes an IClock.
        return new BusinessClock(SystemClock.Instance, settings.Clock.StartInstant);
#pragma warning restore RS0030
    }

    private static WebApplication BuildApi(WebApplicationBuilder builder, Settings settings, Ground ground, Action<IServiceCollection>? replace = null)
    {
        builder.AddTelemetry();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A click token that carries the longest URL takes more than the default 8 KB.
            kestrel.Limits.MaxRequestLineSize = 16 * 1024;
        });
        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(28));
        AddGround(services, settings, ground);
        services.AddApi().AddApiDescription();
        AddRooms(services, settings);
        replace?.Invoke(services);
        var app = builder.Build();
        // Read now, so that a file that can't be is told at the start and not by the first hit.
        app.Services.GetRequiredService<IpCountries>();
        UsePipeline(app, settings);
        return app;
    }

    private static void AddGround(IServiceCollection services, Settings settings, Ground ground)
    {
        var clock = ClockOf(settings);
        services.AddSingleton(settings);
        services.AddSingleton(ground.KeyRing);
        services.AddSingleton(ground.Node);
        services.AddSingleton(new OperatorKey(ground.OperatorKey.Key));
        // Made by the container, so that it disposes of them.
        services.AddSingleton(_ => new Database(ground.ConnectionString));
        services.AddSingleton(clock).AddSingleton<IClock>(clock);
        services.AddSingleton<PublicUrl>().AddSingleton<IpCountries>();
        var signal = new WorkSignal();
        clock.Stepped += signal.WakeAll;
        services.AddSingleton(signal).AddSingleton<WorkerHealth>();
        // To be described the service needs no database, and must not look for one.
        services.AddHangfireClock(ground.ConnectionString, settings, preparesSchema: ground.ConnectionString != NoDatabase);
        services.AddSingleton(_ => new HangfireStorage(ground.ConnectionString));
        services.AddHealthChecks().AddCheck<ReadyCheck>("ready");
    }

    private static void AddRooms(IServiceCollection services, Settings settings)
    {
        services.AddImports(settings);
        services.AddStorefronts(settings);
        services.AddDomains(settings);
        services.AddRelays(settings);
        services.AddForms(settings);
        services.AddCampaigns();
        services.AddEvents(settings);
        services.AddScheduling(settings);
        services.AddSending(settings);
        services.AddTracking(settings);
        services.AddInbound(settings);
        services.AddReports(settings);
        services.AddWebhooks(settings);
        if (settings.RunsWorkers)
            services.AddHostedService<IdempotencyCleanup>().AddHostedService<RateWindowCleanup>();
    }

    private static void UsePipeline(WebApplication app, Settings settings)
    {
        app.UseForwardedHeaders(TrustedProxies(app, settings));
        if (settings.RunsApi)
            app.UseApi();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint().WithName("metrics").WithSummary("Metrics for Prometheus")
            .WithMetadata(new ProducesResponseTypeMetadata(200, typeof(string), ["text/plain"]));
        if (settings.RunsApi)
            app.UseApiDescription();
    }

    /// <summary>X-Forwarded-For and -Proto count from configured proxies only; in Development from this machine.</summary>
    private static ForwardedHeadersOptions TrustedProxies(WebApplication app, Settings settings)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        var proxies = settings.TrustedProxies.Length == 0 && app.Environment.IsDevelopment() ? ["127.0.0.1"] : settings.TrustedProxies;
        foreach (var proxy in proxies)
        {
            if (System.Net.IPNetwork.TryParse(proxy, out var network))
                options.KnownIPNetworks.Add(network);
            else if (IPAddress.TryParse(proxy, out var address))
                options.KnownProxies.Add(address);
            else
                throw new StartupException($"CampaignHub__TrustedProxies has '{proxy}': it must be an address or a network such as 10.0.0.0/8.");
        }
        return options;
    }
}

/// <summary>What the service stands on, made ready before it is built.</summary>
/// <param name="ConnectionString">PostgreSQL, as the login that owns the schema.</param>
/// <param name="KeyRing">All keys are derived from it.</param>
/// <param name="OperatorKey">The operator's key, and the file that holds it.</param>
/// <param name="Node">This node, by its data directory.</param>
internal sealed record Ground(string ConnectionString, KeyRing KeyRing, OperatorKeyFile OperatorKey, Node Node);
