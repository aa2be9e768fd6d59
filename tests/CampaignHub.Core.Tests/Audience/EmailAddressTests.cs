using System.Text.Json;
using CampaignHub.Core.Audience;
using CsCheck;

namespace CampaignHub.Core.Tests.Audience;

public sealed class EmailAddressTests
{
    /// <summary>isemail's categories that are addresses for us; of the others none is, whatever the RFCs allow.</summary>
    private static readonly string[] ValidCategories = ["ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN"];

    /// <summary>Where we differ from the category: test@io has no dot; spaces around an address are dropped.</summary>
    private static readonly Dictionary<string, bool> Differing = new() { ["5"] = false, ["157"] = true, ["158"] = true };

    [CorpusFact("08-address/isemail-tests.json")]
    public void Addresses_are_judged_as_isemail_judges_them_but_for_what_no_mailer_wants()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Corpora.Find("08-address/isemail-tests.json")!));
        var wrong = new List<string>();
        foreach (var test in cases.RootElement.EnumerateArray())
        {
            var id = test.GetProperty("id").GetString()!;
            var expected = Differing.GetValueOrDefault(id, ValidCategories.Contains(test.GetProperty("category").GetString()));
            if (EmailAddress.TryParse(test.GetProperty("address").GetString(), out _, out _) != expected)
                wrong.Add($"{id} {test}");
        }
        wrong.ShouldBeEmpty();
        cases.RootElement.GetArrayLength().ShouldBe(164);
    }

    [Theory]
    [InlineData("Ann@Shop.EXAMPLE", "Ann@shop.example", "ann@shop.example")]
    [InlineData("  a@b.example\t", "a@b.example", "a@b.example")]
    [InlineData("\uFEFFa@b.example\u00A0", "a@b.example", "a@b.example")]
    [InlineData("a@bücher.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example")]
    [InlineData("a@BÜCHER.Example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example")]
    [InlineData("a@bu\u0308cher.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example")]
    [InlineData("a@xn--BCHER-kva.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example")]
    [InlineData("a@例え.example", "a@xn--r8jz45g.example", "a@xn--r8jz45g.example")]
    [InlineData("a@例え。example", "a@xn--r8jz45g.example", "a@xn--r8jz45g.example")]
    [InlineData("a@ｓｈｏｐ.example", "a@shop.example", "a@shop.example")]
    [InlineData("a@straße.example", "a@xn--strae-oqa.example", "a@xn--strae-oqa.example")]
    [InlineData("संपर्क@डाटामेल.भारत", "संपर्क@xn--c2bd4bq1db8d.xn--h2brj9c", "संपर्क@xn--c2bd4bq1db8d.xn--h2brj9c")]
    [InlineData("GÖTZ@müller-shop.example", "GÖTZ@xn--mller-shop-9db.example", "götz@xn--mller-shop-9db.example")]
    [InlineData("Rene\u0301@b.example", "Rene\u0301@b.example", "rené@b.example")]
    [InlineData("e\u0323\u0302@b.example", "e\u0323\u0302@b.example", "ệ@b.example")]
    [InlineData("\u1112\u1161\u11AB@b.example", "\u1112\u1161\u11AB@b.example", "한@b.example")]
    [InlineData("o'neil+news@b.example", "o'neil+news@b.example", "o'neil+news@b.example")]
    public void Addresses_are_normalised(string text, string address, string key)
    {
        EmailAddress.TryParse(text, out var parsed, out var problem).ShouldBeTrue(problem);
        parsed.Address.ShouldBe(address);
        parsed.Key.ShouldBe(key);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a@b")]
    [InlineData("a b@c.example")]
    [InlineData("a\u200B@b.example")]
    [InlineData("a\u00A0b@c.example")]
    [InlineData("a\0@b.example")]
    [InlineData("a@b.example\r\nBcc: c@d.example")]
    [InlineData("a@b\u200D.example")]
    [InlineData("a@ü_.example")]
    [InlineData("a@-ü.example")]
    [InlineData("a@ü..example")]
    [InlineData("a@b_c.example")]
    [InlineData("a@☃.example")]
    [InlineData("Ann <a@b.example>")]
    [InlineData("mailto:a@b.example,c@d.example")]
    public void Nonsense_is_refused_with_a_sentence(string? text)
    {
        EmailAddress.TryParse(text, out var parsed, out var problem).ShouldBeFalse();
        parsed.ShouldBeNull();
        problem.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void A_lone_surrogate_is_refused_on_either_side()
    {
        EmailAddress.TryParse("a\uD800@b.example", out _, out _).ShouldBeFalse();
        EmailAddress.TryParse("a@b\uD800.example", out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void Lengths_count_bytes()
    {
        EmailAddress.TryParse(new string('é', 32) + "@b.example", out var parsed, out _).ShouldBeTrue();
        parsed!.NeedsSmtpUtf8.ShouldBeTrue();
        EmailAddress.TryParse(new string('é', 33) + "@b.example", out _, out _).ShouldBeFalse();
        EmailAddress.TryParse(new string('a', 100_000), out _, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_was_normalised_is_normal() => Gen.OneOf(Gen.String, Gen.String[Gen.Char["aAé\u0301ü@.。-_ß例Ｂ"]]).Sample(text =>
    {
        if (!EmailAddress.TryParse(text + "@" + text + ".example", out var once, out _))
            return;
        EmailAddress.TryParse(once.Address, out var twice, out _).ShouldBeTrue();
        twice.ShouldBe(once);
        EmailAddress.TryParse(once.Key, out var key, out _).ShouldBeTrue();
        key!.Key.ShouldBe(once.Key);
    });
}
