using CampaignHub.Core.Audience;
using CampaignHub.Core.Domains;

namespace CampaignHub.Core.Tests.Domains;

public sealed class PolicyRecordTests
{
    [Theory]
    [InlineData("v=spf1 -all")]
    [InlineData("v=spf1")]
    [InlineData("V=SPF1 Include:_spf.example.com ~ALL")]
    [InlineData("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a mx a:mail.example.com/28//64 mx/24 ?exists:%{i}._spf.example.com ptr redirect=_spf.example.com")]
    [InlineData("v=spf1  unknown-modifier=x include:a.example include:b.example include:c.example include:d.example include:e.example include:f.example include:g.example include:h.example a mx -all")]
    public void A_usable_SPF_record_is_right(string text) => SpfRecord.Judge([text]).ShouldBe(RecordVerdict.Right);

    [Theory]
    [InlineData("v=spf1 ip4:shop.example -all", "ip4:shop.example")]
    [InlineData("v=spf1 include -all", "include")]
    [InlineData("v=spf1 ipv4:192.0.2.1 -all", "ipv4:192.0.2.1")]
    [InlineData("v=spf1 include:a.example include:b.example include:c.example include:d.example include:e.example include:f.example include:g.example include:h.example a mx ptr -all", "11 times")]
    public void An_SPF_record_that_receivers_stumble_over_is_wrong(string text, string why) =>
        SpfRecord.Judge([text]).Problem.ShouldNotBeNull().ShouldContain(why);

    [Fact]
    public void There_is_one_SPF_record()
    {
        SpfRecord.Judge([]).Ok.ShouldBe(false);
        SpfRecord.Judge(["v=spf1 -all", "v=spf1 -all"]).Ok.ShouldBe(false);
        SpfRecord.Is("v=spf10 -all").ShouldBeFalse();
        SpfRecord.Is("google-site-verification=x").ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, "v=DMARC1; p=none")]
    [InlineData(true, "v=DMARC1;p=REJECT;rua=mailto:dmarc@shop.example")]
    [InlineData(true, "v=DMARC1; p=quarantine", "something else")]
    [InlineData(false)]
    [InlineData(false, "p=none; v=DMARC1")]
    [InlineData(false, "v=DMARC1; p=maybe")]
    [InlineData(false, "v=DMARC1; sp=none")]
    [InlineData(false, "v=DMARC1; p=none", "v=DMARC1; p=none")]
    public void A_domain_has_one_DMARC_policy_that_says_what_to_do(bool ok, params string[] found) => DmarcRecord.Judge(found).Ok.ShouldBe(ok);

    [Fact]
    public void The_policy_that_is_proposed_is_one() => DmarcRecord.Judge([DmarcRecord.Proposed]).ShouldBe(RecordVerdict.Right);

    [Theory]
    [InlineData("co.uk", true)]
    [InlineData("com.au", true)]
    [InlineData("shop.co.uk", false)]
    [InlineData("co.com", false)]
    [InlineData("shop.de", false)]
    public void A_registrys_own_domain_is_told_apart(string domain, bool suffix) => RegistrySuffix.Is(domain).ShouldBe(suffix);

    [Fact]
    public void A_domain_has_those_above_it() =>
        MailDomain.WithParents("news.eu.shop.example").ShouldBe(["news.eu.shop.example", "eu.shop.example", "shop.example"]);
}
