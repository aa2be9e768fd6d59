using CampaignHub.Server.Platform;

namespace CampaignHub.Server.Demo;

/// <summary>What the demo can be asked for.</summary>
/// <param name="Stay">The service and the inbox stay up after the report, until Ctrl-C.</param>
/// <param name="ServiceSettings">Handed on to the service after the demo's own, such as <c>--CampaignHub:LogLevel=Information</c>.</param>
internal sealed record DemoOptions(bool Stay, IReadOnlyList<string> ServiceSettings)
{
    /// <exception cref="StartupException">An argument is neither.</exception>
    public static DemoOptions Parse(IReadOnlyList<string> args)
    {
        var settings = args.Where(arg => arg != "--stay").ToArray();
        return settings.FirstOrDefault(arg => !IsSetting(arg)) is { } unknown
            ? throw new StartupException($"The demo doesn't know '{unknown}': it takes --stay, and the service's settings as --CampaignHub:Name=value.")
            : new DemoOptions(args.Contains("--stay"), settings);
    }

    /// <summary>The demo needs no configuration, and takes none that was meant for another service.</summary>
    public static void ForgetEnvironment()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            if (name.StartsWith("CampaignHub__", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
                || name is "ASPNETCORE_URLS" or "ASPNETCORE_HTTP_PORTS")
                Environment.SetEnvironmentVariable(name, null);
        }
        Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", Environments.Development);
        Environment.SetEnvironmentVariable("CampaignHub__LogLevel", "Warning");
    }

    private static bool IsSetting(string arg) => arg.StartsWith("--CampaignHub:", StringComparison.OrdinalIgnoreCase) && arg.Contains('=');
}
