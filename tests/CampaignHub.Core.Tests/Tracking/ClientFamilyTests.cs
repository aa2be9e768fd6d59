using CampaignHub.Core.Tracking;

namespace CampaignHub.Core.Tests.Tracking;

public sealed class ClientFamilyTests
{
    private const string Corpus = "03-ua/ua-labels.tsv";

    [Theory]
    [InlineData("Mozilla/5.0", ClientFamily.ApplePrivacyProxy)]
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", ClientFamily.Gmail)]
    [InlineData("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", ClientFamily.Yahoo)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", ClientFamily.AppleMail)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)", ClientFamily.AppleMail)]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15", ClientFamily.Safari)]
    [InlineData("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; Microsoft Outlook 16.0.5197)", ClientFamily.Outlook)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0", ClientFamily.Edge)]
    [InlineData("curl/8.5.0", ClientFamily.Bot)]
    [InlineData(null, ClientFamily.Other)]
    public void A_header_names_its_client(string? userAgent, ClientFamily family) => ClientFamilies.Of(userAgent).ShouldBe(family);

    [CorpusFact(Corpus)]
    public void Browsers_are_what_they_are_labelled()
    {
        var labels = new Dictionary<string, ClientFamily>
        {
            ["Chrome"] = ClientFamily.Chrome,
            ["Chrome Mobile"] = ClientFamily.Chrome,
            ["Firefox"] = ClientFamily.Firefox,
            ["Firefox Mobile"] = ClientFamily.Firefox,
            ["Edge"] = ClientFamily.Edge,
            ["Internet Explorer"] = ClientFamily.InternetExplorer,
            ["Microsoft Outlook"] = ClientFamily.Outlook,
        };
        var rows = File.ReadLines(Corpora.Find(Corpus)!).Skip(1).Select(line => line.Split('\t')).Where(row => row[0] is "human" or "mail-client" && labels.ContainsKey(row[2])).ToList();
        var right = rows.Count(row => ClientFamilies.Of(row[3]) == labels[row[2]]);
        ((double)right / rows.Count).ShouldBeGreaterThanOrEqualTo(0.95);
    }
}
