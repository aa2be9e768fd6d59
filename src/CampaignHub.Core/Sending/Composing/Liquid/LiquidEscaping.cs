using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>What becomes of a value's characters in the output.</summary>
public enum LiquidEscaping
{
    /// <summary>Nothing: subjects and text parts.</summary>
    None,

    /// <summary>HTML's special characters are escaped; letters of every script stay as they are.</summary>
    Html,
}

internal static class LiquidEncoders
{
    public static TextEncoder Html { get; } = HtmlEncoder.Create(UnicodeRanges.All);

    public static TextEncoder Of(LiquidEscaping escaping) => escaping == LiquidEscaping.Html ? Html : NullEncoder.Default;
}
