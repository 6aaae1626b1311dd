using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Platform.Contracts.Ids;

namespace Platform.Control.Data;

/// <summary>Typed ids as <c>uuid</c>, checked names as <c>text</c>.</summary>
internal static class IdMapping
{
    public static void MapId<TId>(this ModelConfigurationBuilder model)
        where TId : struct, IId<TId> =>
        model.Properties<TId>().HaveConversion<IdConverter<TId>>();

    public static void MapText<TName>(this ModelConfigurationBuilder model)
        where TName : struct, ITextId<TName> =>
        model.Properties<TName>().HaveConversion<TextIdConverter<TName>>();

    private sealed class IdConverter<TId>() : ValueConverter<TId, Guid>(id => id.Value, value => From(value))
        where TId : struct, IId<TId>
    {
        // An expression tree cannot call a static abstract member itself.
        private static TId From(Guid value) => TId.From(value);
    }

    private sealed class TextIdConverter<TName>() : ValueConverter<TName, string>(name => name.Value, value => From(value))
        where TName : struct, ITextId<TName>
    {
        private static TName From(string value) => TName.Parse(value, null);
    }
}
