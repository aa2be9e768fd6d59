using CampaignHub.Core.Pages;
using CsCheck;

namespace CampaignHub.Core.Tests.Pages;

public sealed class PageLanguageTests
{
    [Theory]
    [InlineData("de-AT", "de")]
    [InlineData("pt_BR", "pt")]
    [InlineData("in", "id")]
    [InlineData("zh", "zh-Hans")]
    [InlineData("zh-SG", "zh-Hans")]
    [InlineData("zh-TW", "zh-Hant")]
    [InlineData("zh-Hant-HK", "zh-Hant")]
    [InlineData("zh-Hans-HK", "zh-Hans")]
    [InlineData("AR-eg", "ar")]
    public void A_locale_names_one_of_the_languages_whatever_its_region(string locale, string expected) =>
        PageLanguage.For(locale, "en").Tag.ShouldBe(expected);

    [Theory]
    [InlineData("fr;q=0.4, de-CH;q=0.9, en;q=0.5", "de")]
    [InlineData("sv, fi;q=0.9, ja;q=0.1", "ja")]
    [InlineData("de;q=0, fr", "fr")]
    [InlineData("it, es", "it")]
    [InlineData("*", "en")]
    [InlineData("", "en")]
    [InlineData(null, "en")]
    [InlineData("de;q=viel, ko;q=0.2", "ko")]
    public void Without_one_the_browsers_wish_counts_in_the_order_of_its_weights(string? header, string expected) =>
        PageLanguage.For(null, header).Tag.ShouldBe(expected);

    [Fact]
    public void A_locale_that_nobody_here_speaks_leaves_it_to_the_browser() => PageLanguage.For("sv-SE", "nl").Tag.ShouldBe("nl");

    [Fact]
    public void Whatever_is_asked_for_it_is_one_of_them() =>
        Gen.Select(Gen.String.Null(), Gen.String[Gen.Char["zhdeantq=0.,;-_*ar "], 0, 60].Null()).Sample((locale, header) =>
            PageLanguage.All.Contains(PageLanguage.For(locale, header)));
}
