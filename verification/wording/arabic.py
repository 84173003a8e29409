"""Arabic. `{name}` is filled from the reason's params; codes among them are looked up in WORDS."""

_FLAGS = {
    "phone_invalid": "لا يوجد رقم يمكن الاتصال به ({problem})",
    "phone_ambiguous": "قد يكون الرقم لأكثر من دولة",
    "phone_not_mobile": "الرقم ليس رقم جوال",
    "phone_needs_review": "يبدو الرقم خاطئًا بخانة أو جديد الإصدار",
    "phone_fake_pattern": "يبدو الرقم وهميًا",
    "address_incomplete": "ينقص العنوان: {missing}",
    "duplicate": "المنتج نفسه في طلب آخر لهذا المشتري",
    "suspicious_quantity": "قطع كثيرة من منتج واحد: {quantity} (نسأل ابتداءً من {limit})",
    "suspicious_value": "قيمة عالية: {total} {currency} (نسأل ابتداءً من {limit})",
    "buyer_blocked": "المشتري محظور",
    "opted_out": "طلب المشتري عدم التواصل عبر: {channels}",
    "not_cod": "ليس بالدفع عند الاستلام",
    "out_of_area": "خارج الدول التي نخدمها: {country}",
    "total_mismatch": "مجموع المنتجات {items} {currency} ومبلغ الطلب {total} {currency}",
}
_TIERS = {
    "tier_set_blocked": "حظره أحد الموظفين",
    "tier_set_vip": "جعله أحد الموظفين من كبار العملاء",
    "tier_loyal": "يستلم طلباته مرة بعد مرة",
    "tier_reliable": "يستلم طلباته كلها تقريبًا",
    "tier_mixed": "استلم بعض الطلبات دون بعض، أو المعروف عنه قليل",
    "tier_unknown": "لا نعرف شيئًا عن هذا المشتري بعد",
    "tier_little_known": "ما نعرفه عن هذا المشتري لا يكفي للحكم",
    "tier_unreliable": "معظم طلباته لا تكتمل",
    "tier_way_back": "عدد الطلبات التي يستلمها ليتحسن تصنيفه: {deliveries}",
    "tier_delivered": "طلبات استلمها: {count}",
    "tier_kept_part": "طلبات استلم بعضها أو استبدلها: {count}",
    "tier_confirmed": "طلبات أكدها ولم تُعرف نتيجتها بعد: {count}",
    "tier_refused": "طلبات رفضها عند الباب: {count}",
    "tier_undeliverable": "طلبات تعذر توصيلها أو رجعت: {count}",
    "tier_unreachable": "طلبات تعذر الوصول إليه فيها: {count}",
    "tier_cancelled": "طلبات ألغاها قبل الشحن: {count}",
    "tier_did_not_order": "طلبات قال إنها ليست له: {count}",
    "tier_fake_details": "طلبات ببيانات وهمية: {count}",
}
_PHONE_PROBLEMS = {
    "phone_missing": "لم يُذكر رقم",
    "phone_invalid": "ليس رقم هاتف",
    "phone_ambiguous": "لأكثر من دولة",
    "phone_not_mobile": "ليس جوالًا",
    "phone_needs_review": "يحتاج إلى مراجعة",
    "phone_fake_pattern": "وهمي",
    "phone_out_of_area": "من دولة لا نخدمها",
    "phone_unrecoverable": "قطعه برنامج الجداول",
}
_ADDRESS_PARTS = {
    "city": "المدينة",
    "governorate": "المحافظة",
    "area": "المنطقة",
    "district": "الحي",
    "zone": "رقم المنطقة",
    "block": "القطعة أو المجمع",
    "street": "الشارع",
    "road": "الطريق",
    "building": "المبنى أو معلم معروف",
    "house": "المنزل",
    "landmark": "نقطة دالة أو رقم الدار",
}
_CHANNELS = {
    "whatsapp": "واتساب",
    "sms": "رسالة نصية",
    "ivr": "اتصال آلي",
    "agent_call": "اتصال موظف",
    "page": "صفحة المشتري",
}
_INTAKE = {
    "order_received": "وصل الطلب (عدد الأصناف: {items}، أرقام الوصول إلى المشتري: {phones})",
    "order_changed": "صحّح البائع: {fields}",
    "decision_disputed": "يعترض البائع على القرار: {verdict}",
    "shipment_reported": "أفاد المندوب: {status}",
    "phone_shared": "رقم في أحد طلبات المشتري يعود إلى مشترٍ آخر",
}
_ORDER_FIELDS = {
    "number": "رقم الطلب",
    "placed_at": "وقت الطلب",
    "currency": "العملة",
    "total": "المبلغ الإجمالي",
    "payment_method": "طريقة الدفع",
    "ship_by": "موعد الشحن",
    "note": "الملاحظة",
    "buyer": "بيانات المشتري",
    "address": "العنوان",
    "items": "الأصناف",
}
_VERDICTS = {
    "confirmed": "مؤكد",
    "rejected": "مرفوض",
    "unreachable": "تعذّر الوصول إلى المشتري",
    "waived": "أُفرج عنه دون تواصل",
    "withdrawn": "سحبه البائع",
}
_SHIPMENTS = {
    "shipped": "شُحن",
    "delivered": "سُلّم",
    "partly_returned": "أُرجع جزء منه",
    "exchanged": "استُبدل",
    "refused": "رُفض عند الباب",
    "undeliverable": "تعذّر تسليمه",
    "returned": "أُرجع",
    "lost": "فُقد",
    "unknown": "حالة لا نعرفها",
}

SENTENCES = _FLAGS | _TIERS | _INTAKE
WORDS = _PHONE_PROBLEMS | _ADDRESS_PARTS | _CHANNELS | _ORDER_FIELDS | _VERDICTS | _SHIPMENTS
COMMA = "، "
