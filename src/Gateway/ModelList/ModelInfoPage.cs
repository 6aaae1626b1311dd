using System.Globalization;
using Platform.Contracts.Configuration;
using Platform.Gateway.Errors;

namespace Platform.Gateway.ModelList;

/// <summary>Anthropic's page of models (<c>GET /v1/models</c>): 20 at a time unless <c>limit</c> says otherwise, from 1 to 1000.</summary>
/// <param name="HasMore">There are more in the direction that was asked for.</param>
internal sealed record ModelInfoPage(IReadOnlyList<ModelInfo> Data, bool HasMore, string? FirstId, string? LastId)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 1000;
    private const string BeforeId = "before_id";
    private const string AfterId = "after_id";

    public static Result<ModelInfoPage> Of(IEnumerable<ModelEntry> visible, IQueryCollection query)
    {
        if (LimitOf(query["limit"]) is not { } limit)
            return ApiErrors.InvalidValue("limit", $"expected a number from 1 to {MaxLimit}");
        var (before, after) = (query[BeforeId], query[AfterId]);
        if (before.Count > 1 || after.Count > 1 || (before.Count > 0 && after.Count > 0))
            return ApiErrors.InvalidValue(BeforeId, $"expected one of `{BeforeId}` and `{AfterId}`, once");
        var models = visible.ToList();
        var (start, end) = (0, Math.Min(limit, models.Count));
        if (after.Count > 0)
        {
            if (IndexOf(models, after) is not { } index)
                return ApiErrors.InvalidValue(AfterId, "there is no such model");
            (start, end) = (index + 1, Math.Min(index + 1 + limit, models.Count));
        }
        else if (before.Count > 0)
        {
            if (IndexOf(models, before) is not { } index)
                return ApiErrors.InvalidValue(BeforeId, "there is no such model");
            (start, end) = (Math.Max(index - limit, 0), index);
        }
        var data = models[start..end].ConvertAll(ModelInfo.From);
        return new ModelInfoPage(data, before.Count > 0 ? start > 0 : end < models.Count, data.FirstOrDefault()?.Id, data.LastOrDefault()?.Id);
    }

    private static int? IndexOf(List<ModelEntry> models, string? id) => models.FindIndex(m => m.Name.Value == id) is var index and >= 0 ? index : null;

    private static int? LimitOf(string? text) =>
        string.IsNullOrEmpty(text) ? DefaultLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MaxLimit ? limit
        : null;
}
