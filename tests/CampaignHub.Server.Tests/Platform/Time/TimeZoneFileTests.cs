using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Time;

namespace CampaignHub.Server.Tests.Platform.Time;

public sealed class TimeZoneFileTests
{
    [Fact]
    public void A_file_that_is_missing_or_none_of_time_zones_is_refused_at_start()
    {
        TimeZoneFile.Use(null);
        Should.Throw<StartupException>(() => TimeZoneFile.Use("/nowhere/tzdb.nzd")).Message.ShouldContain("there is no such file");
        Should.Throw<StartupException>(() => TimeZoneFile.Use(typeof(TimeZoneFileTests).Assembly.Location)).Message.ShouldContain("is no .nzd file");
    }
}
