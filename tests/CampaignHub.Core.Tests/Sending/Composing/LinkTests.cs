using System.Net;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Links;
using CsCheck;

namespace CampaignHub.Core.Tests.Sending.Composing;

public sealed class LinkTests
{
    private static readonly PreparingOptions ClicksOnly = new() { TrackOpens = false };
    private const string Foot = "{% comment %}{{ unsubscribe_url }}{% endcomment %}{% if unsubscribe_url == 0 %}{% endif %}";

    private static PreparedContent Prepare(string html) => Compose.Prepare(html + Foot, options: ClicksOnly);

    [Theory]
    [InlineData("<a href=\"https://a.example/?x=1&amp;y=2\">", "https://a.example/?x=1&y=2", "<a href=\"https://t.example/c/0.\">")]
    [InlineData("<a href='https://a.example/'>", "https://a.example/", "<a href='https://t.example/c/0.'>")]
    [InlineData("<A HREF=HTTP://a.example/p target=_blank>", "HTTP://a.example/p", "<A HREF=https://t.example/c/0. target=_blank>")]
    [InlineData("<area shape=rect href = \"https://a.example\" >", "https://a.example", "<area shape=rect href = \"https://t.example/c/0.\" >")]
    [InlineData("<a title=\"a > b\" href=\"https://a.example/\">", "https://a.example/", "<a title=\"a > b\" href=\"https://t.example/c/0.\">")]
    [InlineData("<a href=\" https://a.example/\n x\">", "https://a.example/ x", "<a href=\"https://t.example/c/0.\">")]
    [InlineData("{% if 1 < 2 %}<a href=\"https://a.example/\">{% endif %}", "https://a.example/", "<a href=\"https://t.example/c/0.\">")]
    [InlineData("<a class=\"{% if 'a>\"' == x %}y{% endif %}\" href=\"https://a.example/\">", "https://a.example/", "<a class=\"\" href=\"https://t.example/c/0.\">")]
    [InlineData("<!--[if !mso]><!--><a href=\"https://a.example/\"><!--<![endif]-->", "https://a.example/", "<!--[if !mso]><!--><a href=\"https://t.example/c/0.\"><!--<![endif]-->")]
    public void A_web_link_is_replaced_in_place(string html, string url, string rendered)
    {
        var prepared = Prepare(html);
        prepared.Links.ShouldBe([new CampaignLink(0, url, false)]);
        prepared.Warnings.ShouldBeEmpty();
        Compose.Render(prepared).Html.ShouldBe(rendered);
    }

    [Theory]
    [InlineData("<a href=\"mailto:a@b.example\"><a href=\"tel:+49\"><a href=\"#top\"><a href=\"\"><a href><a>")]
    [InlineData("<!--[if mso]><v:rect href=\"https://a.example\"><a href=\"https://a.example\"><![endif]-->")]
    [InlineData("<v:roundrect href=\"https://a.example/\"><link href=\"https://a.example/\"><base href=\"https://a.example/\">")]
    [InlineData("<style>a{content:'<a href=\"https://a.example/\">'}</style><script>'<a href=\"https://a.example\">'</script>")]
    [InlineData("<a data-href=\"https://a.example/\" title=\"href='https://a.example/'\">")]
    [InlineData("<a href=\"/path\"><a href=\"//host.example/\"><a href=\"ftp://a.example/\"><a href=\"javascript:x\">")]
    [InlineData("{% comment %}<a href=\"https://a.example/\">{% endcomment %}")]
    [InlineData("{% assign x = '<a href=\"https://a.example/\">' %}{{ x }}")]
    [InlineData("<a href=\"{{ unsubscribe_url }}\">no</a><a href=\"{{ unsubscribe_url | escape }}\">no</a>")]
    [InlineData("<a href=\"mailto:{{ recipient.email }}\"><a href=\"#{{ recipient.country }}\">")]
    [InlineData("< a href=\"https://a.example/\"></a href=\"https://a.example/\">a < b")]
    public void Whatever_is_no_web_link_is_left_alone(string html)
    {
        var prepared = Prepare(html);
        prepared.Links.ShouldBeEmpty();
        prepared.Warnings.ShouldBeEmpty();
        var untouched = Compose.Prepare(html + Foot, options: Compose.Untouched);
        Compose.Render(prepared).Html.ShouldBe(Compose.Render(untouched).Html);
    }

    [Theory]
    [InlineData("{{ recipient.attributes.url }}")]
    [InlineData("https://{{ recipient.attributes.host }}/x")]
    [InlineData("https://a.example{{ recipient.attributes.path }}")]
    [InlineData("https://a.example\\{{ recipient.attributes.path }}")]
    [InlineData("{% if recipient.country %}https://a.example/{% else %}https://b.example/{% endif %}")]
    [InlineData("http{{ recipient.attributes.s }}://a.example/")]
    [InlineData("https://user:{{ recipient.attributes.s }}@a.example/")]
    public void Liquid_in_scheme_or_host_leaves_the_link_with_a_warning(string href)
    {
        var prepared = Prepare($"<p>\n<a href=\"{href}\">x</a>");
        prepared.Links.ShouldBeEmpty();
        var warning = prepared.Warnings.ShouldHaveSingleItem();
        (warning.Code, warning.Field, warning.Line, warning.Column).ShouldBe((ContentProblem.LinkNotTracked, "html", 2, 10));
        var untouched = Compose.Prepare($"<p>\n<a href=\"{href}\">x</a>" + Foot, options: Compose.Untouched);
        Compose.Render(prepared).Html.ShouldBe(Compose.Render(untouched).Html);
    }

    [Theory]
    [InlineData("https://a.example/p/{{ recipient.attributes.sku }}?x=1&amp;y=2", "https://a.example/p/A&B 1?x=1&y=2")]
    [InlineData("https://a.example/?n={{ recipient.attributes.sku | url_encode }}", "https://a.example/?n=A%26B+1")]
    [InlineData("https://a.example/{{ recipient.attributes.none | default: \"y\" }}", "https://a.example/y")]
    [InlineData("https://a.example/{% if recipient.country == 'DE' %}de{% else %}en{% endif %}", "https://a.example/de")]
    [InlineData("https://a.example?{{ recipient.attributes.sku }}", "https://a.example?A&B 1")]
    public void Liquid_after_the_host_travels_in_the_token(string href, string url)
    {
        var links = new CountingLinks();
        var prepared = Prepare($"<a href=\"{href}\">x</a>");
        prepared.Links.ShouldHaveSingleItem().IsDynamic.ShouldBeTrue();
        var rendered = Compose.Render(prepared, Compose.Anna with { AttributesJson = """{"sku":"A&B 1"}""" }, links);
        links.Dynamic.ShouldBe([(0, url)]);
        rendered.Html.ShouldBe("<a href=\"https://t.example/c/0.1\">x</a>");
        rendered.Links.ShouldBe([new RenderedLink(0, url, "https://t.example/c/0.1")]);
    }

    [Fact]
    public void A_rendered_url_too_long_to_carry_stays_plain_and_escaped()
    {
        var links = new CountingLinks();
        var rendered = Compose.Render(
            Prepare("<a href='https://a.example/{{ recipient.attributes.q }}'>"),
            Compose.Anna with { AttributesJson = $$"""{"q":"?a='&b= {{new string('x', 2048)}}"}""" }, links);
        links.Dynamic.ShouldBeEmpty();
        rendered.Html.ShouldBe($"<a href='https://a.example/?a=&#x27;&amp;b=%20{new string('x', 2048)}'>");
    }

    [Fact]
    public void A_honeypot_is_of_no_words_and_not_displayed_and_no_link_of_the_campaign()
    {
        const string html = "<p><a href=\"https://a.example/\">Look</a> {{ unsubscribe_url }}</p></body>";
        var plain = Compose.Render(Compose.Prepare(html, options: ClicksOnly));
        var baited = Compose.Render(Compose.Prepare(html, options: ClicksOnly with { Honeypot = true }));
        const string honeypot =
            "<div aria-hidden=\"true\" style=\"display:none;mso-hide:all\"><a href=\"https://t.example/c/honeypot\" tabindex=\"-1\" rel=\"nofollow\"></a></div>";
        baited.Html.ShouldBe(plain.Html.Replace("</body>", honeypot + "</body>", StringComparison.Ordinal));
        (baited.Text, baited.Links.Count).ShouldBe((plain.Text, 1));
    }

    [Fact]
    public void A_link_in_a_loop_keeps_its_index_and_is_rendered_each_time()
    {
        var links = new CountingLinks();
        var prepared = Prepare("{% for p in recipient.attributes.items %}<a href=\"https://a.example/{{ p.id }}\"><a href=\"https://b.example/\">{% endfor %}");
        var rendered = Compose.Render(prepared, Compose.Anna with { AttributesJson = """{"items":[{"id":1},{"id":2}]}""" }, links);
        links.Dynamic.ShouldBe([(0, "https://a.example/1"), (0, "https://a.example/2")]);
        rendered.Links.Select(link => link.Index).ShouldBe([0, 1, 0, 1]);
    }

    [Fact]
    public void Links_behind_conditions_inside_one_tag_are_all_replaced() =>
        Prepare("<a {% if x %}href=\"https://a.example/\"{% else %}href=\"https://b.example/\"{% endif %}>").Links.Count.ShouldBe(2);

    [Fact]
    public void Of_two_hrefs_the_browsers_first_counts() =>
        Prepare("<a href=\"https://a.example/\" href=\"https://b.example/\">").Links.ShouldHaveSingleItem().Url.ShouldBe("https://a.example/");

    [Fact]
    public void A_link_in_raw_liquid_stays_with_a_warning()
    {
        var prepared = Prepare("{% raw %}<a href=\"https://a.example/\">{{ x }}{% endraw %}<a href=\"https://b.example/\">");
        prepared.Links.ShouldHaveSingleItem().Url.ShouldBe("https://b.example/");
        prepared.Warnings.ShouldHaveSingleItem().Line.ShouldBe(1);
    }

    [Fact]
    public void Entities_never_become_liquid()
    {
        var prepared = Prepare("<a href=\"https://a.example/&#123;&#123; recipient.email }}{{ recipient.country }}\">");
        prepared.Links.ShouldBeEmpty();
        Prepare("<a href=\"https://a.example/&#123;&#123;x\">").Links.ShouldHaveSingleItem().Url.ShouldBe("https://a.example/{{x");
    }

    [Fact]
    public void The_pixel_stands_before_the_last_body_end_outside_comments()
    {
        var html = Compose.Render(Compose.Prepare("<body>x</body><!-- </body> -->" + Foot)).Html;
        html.ShouldStartWith("<body>x<img src=\"https://t.example/o/7.gif\" width=\"1\" height=\"1\" alt=\"\"");
        html.ShouldEndWith("></body><!-- </body> -->");
        Compose.Render(Compose.Prepare("x" + Foot)).Html.ShouldStartWith("x<img src=");
        Compose.Render(Compose.Prepare("</body>{% raw %}</body>{% endraw %}" + Foot)).Html.ShouldStartWith("<img src=");
    }

    [Fact]
    public void A_template_without_unsubscribe_url_gets_an_unsubscribe_line()
    {
        var rendered = Compose.Render(Compose.Prepare("<body>x</body>", text: "x", options: Compose.Untouched with { UnsubscribeWording = "Ab<bestellen {{ x }}" }));
        rendered.Html.ShouldContain("<a href=\"https://t.example/u/7?a=1&amp;b=2\" style=\"color:#666666\">Ab&lt;bestellen (( x ))</a></p></body>");
        rendered.Text.ShouldBe("x\n\nAb<bestellen (( x )): https://t.example/u/7?a=1&b=2\n");
        var own = Compose.Render(Compose.Prepare("<a href=\"{{ unsubscribe_url }}\">u</a>", text: "{{unsubscribe_url}}", options: Compose.Untouched));
        own.Html.ShouldBe("<a href=\"https://t.example/u/7?a=1&amp;b=2\">u</a>");
        own.Text.ShouldBe(CountingLinks.UnsubscribeUrl);
    }

    [Fact]
    public void Random_html_without_web_links_is_left_alone()
    {
        var pieces = Gen.OneOf<string>("<", ">", "\"", "'", "=", "/", "a", " href", "<a ", "<b>", "</body>", "<!--", "-->", "--", "!", "?", "&amp;", "é", "\n",
            "<style>", "</style>", "mailto:x", "<td style=\"", "{", "}", "http", "://", " ");
        pieces.Array[0, 40].Select(string.Concat).Where(html => !html.Contains("http://", StringComparison.Ordinal)).Sample(html =>
        {
            if (PreparedContent.TryPrepare(new("s", "x" + html + Foot, "t{{unsubscribe_url}}"), ClicksOnly, out var prepared, out _))
                Compose.Render(prepared!).Html.ShouldBe("x" + html);
        });
    }

    [Fact]
    public void Random_html_with_web_links_comes_back_when_they_are_put_back()
    {
        var piece = Gen.OneOf<string>("<a href=\"https://a.example/?a&amp;b\">", "<a href='http://b.example/'>", "<a href=https://c.example/>", "<", ">", "\"", "'",
            "<!--", "-->", "<p class='x'>", "<title>", "</title>", " ", "text", "<a ", "{% if 1 < 2 %}", "{% endif %}");
        piece.Array[0, 30].Select(string.Concat).Sample(html =>
        {
            if (!PreparedContent.TryPrepare(new("s", "x" + html + Foot, "t{{unsubscribe_url}}"), ClicksOnly, out var prepared, out _))
                return;
            var restored = Compose.Render(prepared!).Html;
            for (var i = prepared!.Links.Count - 1; i >= 0; i--)
                restored = restored.Replace($"https://t.example/c/{i}.", prepared.Links[i].Url.Replace("&", "&amp;", StringComparison.Ordinal), StringComparison.Ordinal);
            PreparedContent.TryPrepare(new("s", "x" + html + Foot, "t{{unsubscribe_url}}"), Compose.Untouched, out var untouched, out _).ShouldBeTrue();
            WebUtility.HtmlDecode(restored).ShouldBe(WebUtility.HtmlDecode(Compose.Render(untouched!).Html));
        });
    }
}
