namespace CampaignHub.Core.Tests.Sending.Composing;

public sealed class TextPartTests
{
    private static string Text(string html, string? attributes = null)
    {
        var text = Compose.Render(html, attributes).Text;
        return text[..text.LastIndexOf("\n\nUnsubscribe: https://", StringComparison.Ordinal)].ReplaceLineEndings("\n");
    }

    [Theory]
    [InlineData("<p>One  two\n three</p><p>Four</p>", "One two three\n\nFour")]
    [InlineData("<h1>A</h1>b<br>c<div>d</div>e", "A\n\nb\nc\nd\ne")]
    [InlineData("<ul><li>a</li><li>b<ol><li>c</li><li>d</li></ol></li></ul>", "- a\n- b\n1. c\n2. d")]
    [InlineData("<a href=\"https://a.example/?x&amp;y\">Shop <b>now</b></a>.", "Shop now (https://a.example/?x&y).")]
    [InlineData("<a href=\"https://a.example/\">https://a.example/</a> <a href=\"#x\">top</a> <a href=\"mailto:a@b.example\">write</a>", "https://a.example/ top write (a@b.example)")]
    [InlineData("<a href=\"https://a.example/\"><img src=\"x\" alt=\"Our logo\"></a>", "Our logo (https://a.example/)")]
    [InlineData("<table><tr><td>Shirt</td><td>2</td></tr><tr><td>Sum</td><td>9</td></tr></table>", "Shirt 2\nSum 9")]
    [InlineData("<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>", "a\n\nb")]
    [InlineData("<head><title>t</title><style>p{}</style></head><body><div style=\"display: none\">pre</div><script>x</script>a<!-- c --></body>", "a")]
    [InlineData("a &lt;b&gt; &amp; &#123;&#123; c }} {% raw %}{{ d }}{% endraw %}", "a <b> & {{ c }} {{ d }}")]
    public void Html_becomes_text(string html, string text) => Text(html).ShouldBe(text);

    [Fact]
    public void Liquid_survives_and_is_not_escaped()
    {
        Text("<p>Hi {{ recipient.last_name }}, {% if recipient.country == \"DE\" %}<b>hallo</b>{% else %}hello{% endif %}!</p>")
            .ShouldBe("Hi O'Neil <b>, hallo!");
        Text("<a href=\"https://a.example/{{ recipient.attributes.sku }}?a&amp;b\">x</a>", """{"sku":"1&2"}""").ShouldBe("x (https://a.example/1&2?a&b)");
    }

    [Fact]
    public void Liquid_around_table_rows_stays_where_it_was()
    {
        const string Html = "<table>\n{%- for p in recipient.attributes.items -%}\n<tr><td>{{ p.name }}</td><td>{{ p.price }}</td></tr>\n{%- endfor -%}\n<tr><td>End</td></tr></table>";
        Text(Html, """{"items":[{"name":"Shirt","price":5},{"name":"Hat","price":7}]}""").ShouldBe("Shirt 5\nHat 7\nEnd");
    }

    [Fact]
    public void Liquid_hidden_in_html_comments_still_decides()
    {
        Text("a<!-- {% if recipient.country == 'FR' %} -->b<!-- {% else %} -->c<!-- {% endif %} -->").ShouldBe("ac");
        Text("a<!--[if mso]>{{ recipient.email }}{% assign x = 'y' %}<![endif]-->{{ x }}").ShouldBe("ay");
    }

    [Fact]
    public void What_a_condition_leaves_out_leaves_no_gap() =>
        Text("<p>a</p>{% if false %}<p>b</p><p>c</p>{% endif %}<p>d</p>").ShouldBe("a\n\nd");

    [Fact]
    public void Liquid_that_cuts_through_markup_is_rendered_first_and_read_then()
    {
        const string Html = "<p>a</p><p {% if recipient.country == 'FR' %}style=\"display:none\">b{% else %}>c{% endif %}</p>";
        Text(Html).ShouldBe("a\n\nc");
    }

    [Fact]
    public void Derived_text_has_the_authors_urls_and_the_unsubscribe_url()
    {
        var text = Compose.Render("<a href=\"https://a.example/\">x</a> <a href=\"{{ unsubscribe_url }}\">Unsubscribe here</a>").Text;
        text.ShouldBe("x (https://a.example/) Unsubscribe here (https://t.example/u/7?a=1&b=2)\n");
    }
}
