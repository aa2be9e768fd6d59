using CampaignHub.Server.Platform;

namespace CampaignHub.Server;

/// <summary>What an operator wants to know once the service runs: where it is, in which mode, and where the operator key lies.</summary>
internal static class Greeting
{
    public static void Print(RunningService service)
    {
        var environment = service.App.Environment;
        Console.WriteLine($"CampaignHub runs at {service.Url} as {environment.EnvironmentName}. Ctrl-C ends it.");
        if (environment.IsDevelopment())
            Console.WriteLine("Development allows relays on this machine, links that begin with an address that isn't public, and X-Forwarded-For from this machine.");
        Console.WriteLine(service.OperatorKey.Place is { } place
            ? $"The operator key is in {place}."
            : "The operator key is the one that the settings give.");
        Console.WriteLine($"Links in mails begin with {service.Services.GetRequiredService<PublicUrl>().Value}. The API is described at {service.Url}swagger.");
    }
}
