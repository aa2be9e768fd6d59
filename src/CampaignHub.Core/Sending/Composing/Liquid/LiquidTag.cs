namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>What a piece of Liquid in a source is.</summary>
internal enum LiquidTagKind
{
    /// <summary><c>{{ … }}</c>.</summary>
    Output,

    /// <summary><c>{% … %}</c>.</summary>
    Tag,

    /// <summary>From <c>{% comment %}</c> to its end, all of it.</summary>
    Comment,

    /// <summary><c>{% raw %}</c>: what follows is not Liquid, up to <see cref="RawEnd"/>.</summary>
    RawStart,

    /// <summary><c>{% endraw %}</c>.</summary>
    RawEnd,
}

/// <summary>Where Liquid stands in a source: a half-open range of characters.</summary>
internal readonly record struct LiquidTag(int Start, int End, LiquidTagKind Kind, string Name)
{
    public int Length => End - Start;
}
