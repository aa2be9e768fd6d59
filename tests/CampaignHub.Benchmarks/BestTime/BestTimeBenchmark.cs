namespace CampaignHub.Benchmarks.BestTime;

/// <summary>How much the learned hour gains over a fixed one, campaign by campaign, among people whose true habits are known.</summary>
internal static class BestTimeBenchmark
{
    private const int Seeds = 20;

    /// <param name="people">How many each tenant has.</param>
    /// <param name="picture">A file to draw the curve of people with habits into; null: none.</param>
    public static int Run(int people, string? picture)
    {
        Console.WriteLine($"{people:N0} people, {Simulation.Campaigns} campaigns, {Seeds} seeds; shares of people who read it within a day");
        var holds = true;
        foreach (var habits in Enum.GetValues<Habits>())
        {
            var runs = new CampaignResult[Seeds][];
            Parallel.For(0, Seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed => runs[seed] = Simulation.Run(people, habits, seed + 1));
            var byCampaign = Enumerable.Range(0, Simulation.Campaigns).Select(campaign => runs.Select(run => run[campaign]).ToArray()).ToArray();
            Print(habits, byCampaign);
            var tenth = byCampaign[9];
            var gain = tenth.Average(r => r.Ours) / tenth.Average(r => r.Fixed) - 1;
            var ofBest = tenth.Average(r => r.Ours - r.Fixed) / tenth.Average(r => r.Best - r.Fixed);
            var bound = tenth.Average(r => r.Informed - r.Fixed) / tenth.Average(r => r.Best - r.Fixed);
            var covered = runs.SelectMany(run => run).Average(r => r.IsCovered ? 1.0 : 0.0);
            Console.WriteLine(habits switch
            {
                Habits.OwnPeaks => $"  after 10 campaigns: {gain:+0.0 %;-0.0 %} (aim +15 %), {ofBest:0 %} of the true best hour's gain (aim 70 %; {bound:0 %} for somebody who knows the law behind it and saw the same)",
                _ => $"  after 10 campaigns: {gain:+0.0 %;-0.0 %}",
            });
            Console.WriteLine($"  the interval holds the truth in {covered:0.0 %} of {Seeds * Simulation.Campaigns} campaigns (aim 93 %)");
            if (habits == Habits.OwnPeaks && picture is not null)
                File.WriteAllText(picture, BestTimePicture.Svg(byCampaign));
            holds &= covered >= 0.93 && (habits == Habits.OwnPeaks ? gain >= 0.15 && ofBest >= 0.7 : gain >= -0.01);
        }
        return holds ? 0 : 1;
    }

    private static void Print(Habits habits, CampaignResult[][] byCampaign)
    {
        Console.WriteLine();
        Console.WriteLine($"{habits}");
        Console.WriteLine("  campaign   10:00  one best hour   learned  informed   everybody's best   gain    regret");
        for (var campaign = 0; campaign < byCampaign.Length; campaign++)
        {
            var (fix, one, ours, informed, best) = (Mean(r => r.Fixed), Mean(r => r.OneHour), Mean(r => r.Ours), Mean(r => r.Informed), Mean(r => r.Best));
            Console.WriteLine($"  {campaign + 1,8}  {fix,6:0.0 %}  {one,13:0.0 %}  {ours,8:0.0 %}  {informed,8:0.0 %}  {best,17:0.0 %}  {ours / fix - 1,6:+0.0 %;-0.0 %}  {best - ours,7:0.0 %}");
            double Mean(Func<CampaignResult, double> of) => byCampaign[campaign].Average(of);
        }
    }
}
