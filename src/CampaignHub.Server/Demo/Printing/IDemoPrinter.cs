namespace CampaignHub.Server.Demo.Printing;

/// <summary>Where the demo tells its story: a terminal, or anything that takes lines.</summary>
internal interface IDemoPrinter
{
    /// <summary>A new part of the story begins.</summary>
    void Step(string title);

    void Say(string line);

    /// <param name="columns">Heads; one that begins with <c>&gt;</c> is set to the right.</param>
    /// <param name="rows">As many cells each as there are heads.</param>
    void Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows);

    void Bars(string title, IReadOnlyList<Bar> bars);

    /// <summary>Runs work that tells how far it is.</summary>
    Task ShowProgressAsync(string title, double whole, Func<IProgress<Stride>, Task> work);
}

/// <summary>A bar of a chart.</summary>
/// <param name="Label">What it stands for.</param>
/// <param name="Value">Its length, 0 and up.</param>
/// <param name="Text">The value as it is written.</param>
internal sealed record Bar(string Label, double Value, string Text);

/// <summary>How far work is.</summary>
/// <param name="Done">Of the whole.</param>
/// <param name="What">What was done last, in words.</param>
internal sealed record Stride(double Done, string What);
