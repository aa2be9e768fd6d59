using System.Globalization;
using System.Text;

namespace CampaignHub.Benchmarks;

/// <summary>What the benchmarks send: about 10 KB of HTML that speaks to one person, with twelve links.</summary>
internal static class Letter
{
    public const string Subject = "{{ recipient.first_name | default: 'Hello' }}, {{ recipient.attributes.points }} points for the autumn collection";

    public static readonly (string Name, string Text)[] Goods =
    [
        ("scarves", "Undyed wool from two farms up the valley, spun thick and woven loosely, so that they are warm without weight."),
        ("blankets", "Two weights, both wide enough for two. The heavier one has been on our own beds for eleven winters now."),
        ("jumpers", "Knitted in one piece, without seams under the arm, in the four colours that people asked for most last year."),
        ("mittens", "Felted twice and lined with linen. They keep the rain out for as long as a walk with a dog usually takes."),
        ("cushions", "Covers from the ends of our blanket cloth, no two quite alike, with wooden buttons turned next door."),
        ("rugs", "Flat woven, so that they can be turned over, and heavy enough to stay where they are put on a stone floor."),
        ("yarn", "For those who would rather do it themselves: the same yarn as ours, in skeins of a hundred grams."),
        ("socks", "Reinforced at heel and toe. Send us back the ones that you wear through within two years; we mend them."),
        ("throws", "Light enough for a summer evening and long enough for tall people, hemmed by hand, dyed with madder and weld."),
    ];

    public static readonly string Html = Write();

    private static string Write()
    {
        var html = new StringBuilder("""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{{ campaign.name }}</title>
              <style>
                body { margin: 0; background: #f4f1ec; font-family: Georgia, serif; color: #2b2b2b; }
                .sheet { max-width: 600px; margin: 0 auto; background: #ffffff; }
                .head { padding: 28px 32px 8px; font-size: 22px; letter-spacing: .04em; }
                .text { padding: 8px 32px; font-size: 16px; line-height: 1.55; }
                .foot { padding: 24px 32px; font-size: 12px; color: #8a8378; }
              </style>
            </head>
            <body>
            <div class="sheet">
              <div class="head">Lark &amp; Loom</div>
              <div class="text">
                <p>Good morning, {{ recipient.first_name | default: 'there' }} {{ recipient.last_name }}!</p>
                <p>You have been with us since {{ recipient.attributes.member_since }}, and {{ recipient.attributes.points }} points have come together.
                  {% if recipient.attributes.size == 'M' %}Nearly everything is there in your size.{% else %}We have cut more of your size, {{ recipient.attributes.size }}.{% endif %}
                  The looms have been busy since August, and from today you can see what they made.</p>
                <p><a style="display: inline-block; padding: 12px 22px; background: #7a3b2e; color: #ffffff; text-decoration: none;"
                  href="https://shop.example/autumn?from=mail&amp;edition=43">See the collection</a></p>
              </div>
              <table role="presentation" width="100%" cellspacing="0" cellpadding="0" border="0">

            """);
        for (var i = 0; i < Goods.Length; i++)
            html.Append(CultureInfo.InvariantCulture, $$$$"""
                    <tr>
                      <td style="padding: 16px 16px 16px 32px; border-top: 1px solid #eee7dd; width: 120px; vertical-align: top;">
                        <img src="https://cdn.shop.example/autumn/{{{{Goods[i].Name}}}}-240.jpg" width="120" height="120" alt="{{{{Goods[i].Name}}}}" style="display: block; border: 0; border-radius: 4px;">
                      </td>
                      <td style="padding: 16px 32px 16px 0; border-top: 1px solid #eee7dd; font-size: 15px; line-height: 1.5; vertical-align: top;">
                        <strong style="font-size: 17px; letter-spacing: .02em;">{{{{char.ToUpperInvariant(Goods[i].Name[0])}}}}{{{{Goods[i].Name[1..]}}}}</strong>{% if recipient.attributes.favourite == '{{{{Goods[i].Name}}}}' %} <em>your favourites</em>{% endif %}<br>
                        {{{{Goods[i].Text}}}}<br>
                        <a style="color: #7a3b2e;" href="https://shop.example/{{{{Goods[i].Name}}}}?colour={{{{i}}}}&amp;from=mail">Look at them, from {{{{19 + (i * 12)}}}} euros</a>
                      </td>
                    </tr>

                """);
        html.Append("""
              </table>
              <div class="foot">
                <p>You get this because you are a customer of ours{% if recipient.attributes.city %} in {{ recipient.attributes.city }}{% endif %}.
                  <a href="https://shop.example/help">Help</a> · <a href="{{ unsubscribe_url }}">No more mail, please</a></p>
              </div>
            </div>
            </body>
            </html>
            """);
        return html.ToString();
    }
}
