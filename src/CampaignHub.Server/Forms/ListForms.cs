using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Forms;

/// <summary>A page of forms to list.</summary>
public sealed class ListFormsRequest : PageRequest;

/// <summary>Lists the tenant's subscribe forms, oldest first.</summary>
internal sealed class ListForms(Cursors cursors, PublicUrl url) : ApiEndpoint<ListFormsRequest, Page<FormView>>
{
    private const string List = "forms";

    public override void Configure()
    {
        Get("/v1/forms");
        Access(Scope.SettingsRead);
        Summary(s => s.Summary = "List the subscribe forms");
    }

    protected override async Task<Answer<Page<FormView>>> AnswerAsync(ListFormsRequest request, TenantTransaction transaction)
    {
        var (limit, after) = cursors.Read(request, transaction.TenantId, List);
        var forms = await FormStore.ListAsync(transaction, after is null ? null : Guid.Parse(after), limit + 1);
        return cursors.Page([.. forms.Select(form => FormView.Of(form, url.Value))], limit, transaction.TenantId, List, form => form.Id.ToString());
    }
}
