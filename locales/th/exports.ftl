exports-all-units = ทุกหน่วยงาน
exports-supports = { $unit } (สนับสนุน)
exports-issue = ประเด็นที่ต้องปรับปรุง
exports-measure = แนวทาง/มาตรการการดำเนินการ
exports-period = ระยะเวลาดำเนินการ
exports-responsible = ผู้รับผิดชอบ
exports-progress = ความก้าวหน้าผลการดำเนินการ
exports-progress-title =
    รายงานความก้าวหน้าการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. { $year }
    { $agency }
exports-progress-table = ตารางความก้าวหน้า
exports-measures-title =
    มาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำปีงบประมาณ พ.ศ. { $year }
    { $agency }
exports-measures-table = ตารางมาตรการ
exports-steps = ขั้นตอน/วิธีการปฏิบัติ
exports-kpi = ตัวชี้วัด/ค่าเป้าหมาย
exports-limits = ข้อจำกัด
exports-step = { $no }) { $text }
exports-days = { DAY($start) } - { DAY($end) }
exports-day = { DAY($day, "long") }
exports-covers = ระหว่างวันที่ { DAY($start, "long") } ถึงวันที่ { DAY($end, "long") } ข้อมูล ณ วันที่ { DAY($today, "long") }
exports-covers-of = { $of } { $days }
exports-box = ☐ { $text }
exports-ticked = ☑ { $text }
exports-units-done = แล้วเสร็จ { $done } จาก { $count } หน่วยงาน
exports-told = - { $told } ({ DAY($day) })
exports-told-of = - { $unit } { $told } ({ DAY($day) })
exports-blocked = { $told } (ปัญหา/อุปสรรค: { $blocker })
exports-late = หมายเหตุ: เลยกำหนด { $count } รายการ
exports-signs-secretary = เลขานุการคณะทำงาน
exports-signs-chair = ประธานคณะทำงาน
exports-signs-reporter = ผู้รายงาน
exports-signs-head = ผู้อำนวยการ/หัวหน้าหน่วยงาน
exports-which-unit = แบบรายงานนี้ทำทีละหน่วยงาน ระบุหน่วยงานด้วย เช่น แบบรายงานของกองคลัง
exports-owes-nothing = { $unit } ไม่มีมาตรการที่ต้องรายงานในแผนนี้
exports-head-unit = หน่วยงาน
exports-head-day = ข้อมูล ณ วันที่
exports-head-round = รอบการรายงาน
exports-round = { $name } (ส่งภายในวันที่ { DAY($day, "long") })
exports-form-title = แบบรายงานผลการดำเนินงานตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. { $year }
exports-form-about = รายงานผลการดำเนินงาน { $count } มาตรการ ระหว่างวันที่ { DAY($start, "long") } ถึงวันที่ { DAY($end, "long") }
exports-form-table = นโยบายด้าน { $side } ชื่อแผนงาน/โครงการ/กิจกรรม { $plan }
exports-method = วิธีดำเนินการ
exports-result = ผลการดำเนินงาน
exports-evidence = คำอธิบายรายละเอียด เอกสาร/หลักฐาน
exports-not-yet = ยังไม่มีรายงานในช่วงนี้
exports-no-evidence = ยังไม่มีหลักฐาน
exports-document = หนังสือที่ { $name } ลงวันที่ { DAY($day, "long") }
exports-document-undated = หนังสือที่ { $name }
exports-photo = ภาพถ่าย { $name }
exports-file = เอกสาร { $name }
exports-unit-read = { $unit }: รับทราบแล้ว { $done } จาก { $count } คน
exports-read-on = รับทราบแล้ว { TIME($at) } น.
exports-unread = ยังไม่รับทราบ
exports-no = ลำดับ
exports-name = ชื่อ - สกุล
exports-read = วันที่รับทราบ
exports-read-count = รับทราบแล้ว { $done } จาก { $count } คน ยังไม่รับทราบ { $left } คน
exports-read-title = บัญชีรายชื่อผู้รับทราบ { $title }
exports-read-covers = ฉบับที่ { $no } ใช้บังคับตั้งแต่วันที่ { DAY($since, "long") } ข้อมูล ณ วันที่ { DAY($today, "long") }
exports-read-table = รายชื่อ
exports-no-items = แผนนี้ยังไม่มีมาตรการที่ระบุข้อ O จึงทำใบรายการลิงก์ไม่ได้
exports-complete = ครบ
exports-item = ข้อ
exports-handed-in = ลิงก์และหลักฐานที่มี
exports-missing = ยังขาด
exports-links-title =
    ใบรายการลิงก์สำหรับระบบ ITAS (แบบวัด OIT) ปีงบประมาณ พ.ศ. { $year }
    { $agency }
exports-links-count = มีข้อ O ในแผน { $count } ข้อ ครบแล้ว { $complete } ข้อ ยังขาด { $left } ข้อ
exports-links-table = รายการข้อ O
exports-lacks-work = ยังไม่แล้วเสร็จ { $count } รายการ: { $units }
exports-lacks-evidence = แล้วเสร็จแต่ไม่มีหลักฐาน { $count } รายการ: { $units }
exports-lacks-link = ยังไม่มีลิงก์ที่เผยแพร่
exports-memo-title = บันทึกข้อความ
exports-memo-office = ส่วนราชการ
exports-memo-number = ที่
exports-memo-day = วันที่
exports-memo-about = เรื่อง
exports-memo-to = เรียน
exports-memo-head = หัวหน้าส่วนราชการ
exports-memo-subject = รายงานความก้าวหน้าการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. { $year }
exports-memo-story = 1. เรื่องเดิม { $agency } มีมาตรการส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน ประจำปีงบประมาณ พ.ศ. { $year } จำนวน { $count } มาตรการ และให้หน่วยงานที่รับผิดชอบรายงานความก้าวหน้าต่อคณะทำงาน
exports-memo-facts = 2. ข้อเท็จจริง
exports-memo-fact = { $no } { $text }
exports-memo-consider = 3. ข้อพิจารณา เพื่อให้การดำเนินการเป็นไปตามกำหนด เห็นควรแจ้งหน่วยงานที่มีเรื่องเลยกำหนดหรือยังไม่เคยรายงาน ให้เร่งดำเนินการและรายงานพร้อมหลักฐาน
exports-memo-propose = 4. ข้อเสนอ เห็นควรรับทราบความก้าวหน้า และเสนอที่ประชุมคณะทำงานเพื่อพิจารณาต่อไป
exports-memo-end = จึงเรียนมาเพื่อโปรดทราบและพิจารณา
exports-agenda = ระเบียบวาระที่ { $no } { $title }
exports-agenda-told = เรื่องที่ประธานแจ้งให้ที่ประชุมทราบ
exports-agenda-minutes = เรื่องรับรองรายงานการประชุม
exports-agenda-known = เรื่องเพื่อทราบ
exports-agenda-decided = เรื่องเพื่อพิจารณา
exports-agenda-other = เรื่องอื่น ๆ (ถ้ามี)
exports-agenda-item = { $no } { $text }
exports-agenda-under = - { $text }
exports-agenda-nothing = ไม่มีเรื่องเลยกำหนดหรือค้างหลักฐาน
exports-meeting-title =
    ระเบียบวาระการประชุมคณะทำงานขับเคลื่อนการประเมินคุณธรรมและความโปร่งใส
    { $agency }
exports-meeting-covers = ประจำปีงบประมาณ พ.ศ. { $year } ข้อมูล ณ วันที่ { DAY($today, "long") }
exports-meeting-when = ครั้งที่ วัน และเวลา
exports-meeting-where = สถานที่
exports-year-title =
    รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. { $year }
    { $agency }
exports-year-results = ผลการดำเนินการรายมาตรการ
exports-year-score = ผลการประเมิน ITA ปีงบประมาณ พ.ศ. { $year } ได้คะแนนภาพรวม { $score } คะแนน
exports-year-grade = { $told } อยู่ในระดับ { $grade }
exports-hindrances = ปัญหาและอุปสรรคที่รายงาน { $count } เรื่อง
exports-hindrance = ข้อ { $code } { $text }
exports-names-private = รายชื่อผู้รับทราบมีชื่อบุคคล ขอในแชตส่วนตัวนะคะ
exports-read-all-title =
    บัญชีรายชื่อผู้รับทราบประกาศและประมวลที่ใช้บังคับ
    { $agency }
exports-read-all-covers = ประกาศและประมวลที่ใช้บังคับ { $count } ฉบับ ข้อมูล ณ วันที่ { DAY($today, "long") }
exports-read-all-count = รับทราบครบทั้ง { $policies } ฉบับแล้ว { $done } จาก { $count } คน
exports-read-of = { $title } (ฉบับที่ { $no })
exports-read-share = รับทราบแล้ว { $done } จาก { $count } คน
exports-read-by-policy = รับทราบแยกตามฉบับ
exports-no-staff = ยังไม่มีรายชื่อเจ้าหน้าที่ของ { $unit } ในระบบค่ะ
exports-meeting-about = เอกสารประกอบการประชุม ได้แก่ แผนภูมิสถานะมาตรการ ตารางรายหน่วยงาน และตารางรายมาตรการ
