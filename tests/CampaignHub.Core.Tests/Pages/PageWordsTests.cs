using System.Reflection;
using System.Text.RegularExpressions;
using CampaignHub.Core.Pages;

namespace CampaignHub.Core.Tests.Pages;

public sealed partial class PageWordsTests
{
    private static readonly PropertyInfo[] s_sentences = [.. typeof(PageWords).GetProperties().Where(property => property.PropertyType == typeof(string))];

    public static TheoryData<string> Tags => [.. PageLanguage.All.Select(language => language.Tag)];

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_sentence_is_there_with_the_values_that_the_English_one_has(string tag)
    {
        var (words, english) = (Of(tag), PageWords.Of(PageLanguage.English));
        foreach (var sentence in s_sentences)
        {
            var (said, inEnglish) = ((string)sentence.GetValue(words)!, (string)sentence.GetValue(english)!);
            said.ShouldNotBeNullOrWhiteSpace(sentence.Name);
            Places(said).ShouldBe(Places(inEnglish), sentence.Name);
            if (said.Length > 25 && tag != "en")
                said.ShouldNotBe(inEnglish, $"{sentence.Name} was never translated");
        }
    }

    [Fact]
    public void A_value_that_looks_like_a_place_is_left_as_it_is() =>
        PageWords.With("{sender} to {address} and {other}", ("sender", "{address}"), ("address", "a")).ShouldBe("{address} to a and {other}");

    private static PageWords Of(string tag) => PageWords.Of(PageLanguage.OfTag(tag)!);

    private static string[] Places(string sentence) => [.. Place().Matches(sentence).Select(place => place.Value).Order()];

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();
}
