using CampaignHub.Core.Pages;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Tracking;

/// <summary>The public unsubscribe pages, in the person's language.</summary>
internal static class UnsubscribePage
{
    public static PublicPage Ask(PageLanguage language, string tenantName, string token)
    {
        var words = PageWords.Of(language);
        return new PublicPage(language, words.UnsubscribeHeading, $"""
            <p>{Said(words.UnsubscribeText, tenantName)}</p>
            <form method="post"><button type="submit">{PublicPage.Text(words.UnsubscribeButton)}</button></form>
            <p class="aside"><a href="{PublicPage.Text(token)}/preferences">{PublicPage.Text(words.ChooseInstead)}</a></p>
            """);
    }

    public static PublicPage Done(PageLanguage language, string tenantName)
    {
        var words = PageWords.Of(language);
        return new PublicPage(language, words.UnsubscribedHeading, $"<p>{Said(words.UnsubscribedText, tenantName)}</p>");
    }

    private static string Said(string sentence, string tenantName) => PublicPage.Text(PageWords.With(sentence, ("sender", tenantName)));
}
