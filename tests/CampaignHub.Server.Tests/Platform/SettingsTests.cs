using CampaignHub.Server.Platform;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace CampaignHub.Server.Tests.Platform;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Role", "both")]
    [InlineData("Clock:Start", "tomorrow")]
    [InlineData("BounceHost", "no host")]
    [InlineData("PublicUrl", "shop.example")]
    public void What_cannot_work_is_refused_by_its_name(string name, string value) =>
        Check(Environments.Development, name, value).ShouldNotBeNull().ShouldContain($"CampaignHub__{name.Replace(":", "__", StringComparison.Ordinal)} is '{value}'");

    [Theory]
    [InlineData("Retries:StepMinutes:0", "14", "CampaignHub__Retries__StepMinutes is 14")]
    [InlineData("Retries:GiveUpAfterHours", "169", "CampaignHub__Retries__GiveUpAfterHours is 169")]
    public void Retries_that_would_bother_mailboxes_are_refused(string name, string value, string why) =>
        Check(Environments.Development, name, value).ShouldNotBeNull().ShouldContain(why);

    [Theory]
    [InlineData("QueuedHits", "9")]
    [InlineData("QueuedHits", "1000001")]
    [InlineData("SpoolMegabytes", "0")]
    [InlineData("SpoolMegabytes", "1000001")]
    public void Limits_of_waiting_hits_are_in_their_range(string name, string value) =>
        Check(Environments.Development, $"Tracking:{name}", value).ShouldNotBeNull().ShouldContain($"CampaignHub__Tracking__{name} is {value}");

    [Theory]
    [InlineData("Listen", "2525", "is '2525'")]
    [InlineData("Listen", "::1", "is '::1'")]
    [InlineData("Listen", "mx.example:2525", "is 'mx.example:2525'")]
    [InlineData("MaxConnections", "0", "is 0")]
    [InlineData("SoftBounces", "0", "is 0")]
    [InlineData("SoftBounceDays", "366", "is 366")]
    public void What_comes_back_is_taken_within_bounds(string name, string value, string why) =>
        Check(Environments.Development, $"Inbound:{name}", value).ShouldNotBeNull().ShouldContain($"CampaignHub__Inbound__{name} {why}");

    [Theory]
    [InlineData("Start", "2026-10-24T00:00:00Z")]
    [InlineData("Skip", "true")]
    public void A_business_clock_that_is_set_is_for_anything_but_Production(string name, string value)
    {
        Check(Environments.Development, $"Clock:{name}", value).ShouldBeNull();
        Check(Environments.Production, $"Clock:{name}", value).ShouldNotBeNull().ShouldContain("Production");
    }

    /// <summary>Why it is refused; null if it isn't.</summary>
    private static string? Check(string environment, string name, string value)
    {
        var settings = CampaignHub.Server.Platform.Settings.Of(Settings.Of(($"CampaignHub:{name}", value)));
        try
        {
            settings.Check(new HostingEnvironment { EnvironmentName = environment });
            return null;
        }
        catch (StartupException refusal)
        {
            return refusal.Message;
        }
    }
}
