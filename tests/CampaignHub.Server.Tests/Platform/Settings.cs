using Microsoft.Extensions.Configuration;

namespace CampaignHub.Server.Tests.Platform;

internal static class Settings
{
    public static IConfiguration Of(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}
