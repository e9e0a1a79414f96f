using System.ComponentModel;
using System.Globalization;

namespace IssuerEnrichment.Throttling;

/// <summary>Lets configuration binding convert the text form to a <see cref="RateLimit"/>.</summary>
internal sealed class RateLimitTypeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
        sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string text ? RateLimit.Parse(text) : base.ConvertFrom(context, culture, value);
}
