using CampaignHub.Core.Reports;

namespace CampaignHub.Core.Inbound;

/// <summary>What a rate of complaints asks for.</summary>
public enum ComplaintVerdict
{
    /// <summary>Nothing.</summary>
    Fine,

    /// <summary>Somebody should look: mail providers begin to filter.</summary>
    Alarm,

    /// <summary>The campaign is to stop: mail providers refuse senders beyond this.</summary>
    Pause,
}

/// <summary>Judges complaints of a campaign at a mail domain by the thresholds that mail providers ask of senders.</summary>
public static class ComplaintRate
{
    /// <summary>The share of accepted messages beyond which there is an alarm.</summary>
    public const double AlarmAbove = 0.001;

    /// <summary>The share beyond which the campaign is paused.</summary>
    public const double PauseAbove = 0.003;

    /// <summary>One person alone neither alarms nor stops anything, however small the campaign.</summary>
    public const int LeastComplaints = 2;

    /// <param name="complaints">Complaints, among the messages accepted.</param>
    public static ComplaintVerdict Judge(Proportion complaints) => complaints.Part < LeastComplaints ? ComplaintVerdict.Fine
        : complaints.Whole == 0 || complaints.Share > PauseAbove ? ComplaintVerdict.Pause
        : complaints.Share > AlarmAbove ? ComplaintVerdict.Alarm
        : ComplaintVerdict.Fine;
}
