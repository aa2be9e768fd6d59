using CampaignHub.Server.Demo.Readers;

namespace CampaignHub.Server.Demo.Checking;

/// <summary>The report says what readers, proxies and gateways did, and tells them apart.</summary>
internal static class TrackingChecks
{
    private static readonly string[] s_shops = ["https://lark-and-loom.example/", "https://journal.lark-and-loom.example/"];

    public static IEnumerable<Check> Of(Outcome outcome)
    {
        var (diary, opens, clicks) = (outcome.Diary, outcome.Report.Opens, outcome.Report.Clicks);
        yield return Check.Equal("Every request for a pixel is counted, once", diary.OpenRequests, opens.All.Hits);
        yield return Check.Equal("Every request for a link is counted, once", diary.ClickRequests, clicks.All.Hits);
        yield return Check.Equal("Opens by people are those who opened", diary.Who(Deed.Opened).Count, opens.Human.Unique);
        yield return Check.Equal("Opens without privacy proxies add the scanned", diary.Who(Deed.Opened, Deed.ImageScanned).Count, opens.WithoutPrivacyProxies.Unique);
        yield return Check.Equal("All opens add Apple's prefetches", diary.Who(Deed.Opened, Deed.ImageScanned, Deed.PrefetchedByApple).Count, opens.All.Unique);
        yield return Check.Equal("Clicks by people are those who clicked, and no scanner", diary.Who(Deed.Clicked).Count, clicks.Human.Unique);
        yield return Check.Equal("All clicks add the scanned", diary.Who(Deed.Clicked, Deed.LinksScanned).Count, clicks.All.Unique);
        yield return Check.None("No link led elsewhere than its author pointed",
            diary.Destinations.Select(url => url.OriginalString).Where(url => !s_shops.Any(shop => url.StartsWith(shop, StringComparison.Ordinal))));
    }
}
